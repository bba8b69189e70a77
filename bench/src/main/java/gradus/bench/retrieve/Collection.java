package gradus.bench.retrieve;

import gradus.error.DataException;
import gradus.lessons.retrieve.extract.TextFiles;
import gradus.lessons.retrieve.index.Glosses;
import gradus.lessons.retrieve.search.Document;
import gradus.tensor.random.Rng;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// The short texts that are searched.
///
/// @param name where they come from
record Collection(String name, List<Document> documents) {
    private static final int WORDS_OF_A_QUESTION = 5;
    private static final int SHORTEST = 4; // words of a drawn text
    private static final int LONGEST = 24;

    /// @param source `wordnet`, a file with a text in each line, or null for drawn words
    /// @param limit  how many, evenly spread over the source; 0: all of it, which for drawn words are 10,000
    static Collection of(String source, int limit) {
        if (source == null) {
            return new Collection("words drawn by Zipf's law", drawn(limit == 0 ? 10_000 : limit));
        }
        List<Document> all = source.equals(Glosses.PATH) ? Glosses.all() : lines(Path.of(source));
        return new Collection(source, limit == 0 || limit >= all.size() ? all : spread(all, limit));
    }

    private static List<Document> spread(List<Document> all, int limit) {
        return IntStream.range(0, limit)
                .mapToObj(i -> all.get((int) ((long) i * all.size() / limit)))
                .toList();
    }

    /// The id of a line is its number.
    private static List<Document> lines(Path file) {
        List<Document> documents = new ArrayList<>();
        int number = 0;
        for (String line : TextFiles.read(file).split("\\r?\\n")) {
            number++;
            if (!line.isBlank()) {
                documents.add(Document.of(Integer.toString(number), line));
            }
        }
        if (documents.isEmpty()) {
            throw new DataException(file + " has no texts");
        }
        return documents;
    }

    private static List<Document> drawn(int count) {
        Zipf words = new Zipf(20_000);
        Rng rng = Rng.of(1).at("texts");
        return IntStream.range(0, count)
                .mapToObj(d -> {
                    Rng own = rng.at(d);
                    int length = SHORTEST + own.index(0, LONGEST - SHORTEST + 1);
                    List<String> text = IntStream.rangeClosed(1, length)
                            .mapToObj(w -> words.word(own.uniform(w)))
                            .toList();
                    return Document.of(Integer.toString(d), String.join(" ", text));
                })
                .toList();
    }

    /// What is asked: five words in a row of a drawn text, or all of it if it has fewer.
    List<String> questions(int count) {
        Rng rng = Rng.of(1).at("questions");
        return IntStream.range(0, count)
                .mapToObj(q -> {
                    Rng own = rng.at(q);
                    String[] words = documents
                            .get(own.index(0, documents.size()))
                            .text()
                            .strip()
                            .split("\\s+");
                    int from = own.index(1, Math.max(1, words.length - WORDS_OF_A_QUESTION + 1));
                    int to = Math.min(words.length, from + WORDS_OF_A_QUESTION);
                    return String.join(" ", Arrays.copyOfRange(words, from, to));
                })
                .toList();
    }

    /// The texts alone.
    List<String> texts() {
        return documents.stream().map(Document::text).toList();
    }
}
