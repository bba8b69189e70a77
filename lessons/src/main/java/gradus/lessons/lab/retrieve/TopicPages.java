package gradus.lessons.lab.retrieve;

import static gradus.error.ConfigException.require;

import gradus.tensor.random.Rng;
import gradus.train.contrastive.Blank;
import gradus.train.contrastive.GlossExamples;
import gradus.train.corpus.WordNet;
import gradus.train.corpus.WordNet.Synset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Pages of Markdown that are made of WordNet, so that of each question it is known which characters answer it.
/// A page has several topics, each a heading and paragraphs, one for each kind of the topic: its words, its
/// definition and its example sentences, without the one sentence, or the one part of the definition, that is
/// asked for.
///
/// @param texts     by the page's name
/// @param questions with their places
record TopicPages(Map<String, String> texts, List<Asked> questions) {
    private static final int TOPICS = 3; // of a page
    private static final int FEWEST = 4; // kinds of a topic
    private static final int MOST = 8;

    /// A question and the paragraph that answers it.
    ///
    /// @param page  its page
    /// @param start of the paragraph, in chars
    /// @param end   behind it
    record Asked(String text, String page, int start, int end) {}

    /// @param count how many pages; no topic comes twice
    /// @throws gradus.error.ConfigException if there are not topics enough
    static TopicPages of(WordNet net, int count, Rng rng) {
        Map<String, List<Synset>> kinds = new LinkedHashMap<>();
        for (Synset each : net.synsets()) {
            if (!each.hypernyms().isEmpty()) {
                kinds.computeIfAbsent(each.hypernyms().getFirst(), id -> new ArrayList<>())
                        .add(each);
            }
        }
        Map<String, Synset> topics = new LinkedHashMap<>();
        net.synsets().forEach(each -> topics.put(each.id(), each));
        List<String> fit = new ArrayList<>(kinds.entrySet().stream()
                .filter(entry -> entry.getValue().size() >= FEWEST
                        && entry.getValue().stream().anyMatch(kind -> left(kind) != null))
                .map(Map.Entry::getKey)
                .toList());
        require(count <= fit.size() / TOPICS, "WordNet has topics for %d pages; got %d", fit.size() / TOPICS, count);
        Map<String, String> texts = new LinkedHashMap<>();
        List<Asked> questions = new ArrayList<>();
        for (int page = 0; page < count; page++) {
            StringBuilder text = new StringBuilder();
            String name = "page-" + page;
            for (int topic = 0; topic < TOPICS; topic++) {
                String id = fit.remove(rng.at(page).index(topic, fit.size()));
                text.append("# ").append(topics.get(id).lemmas().getFirst()).append("\n\n");
                kinds.get(id).stream().limit(MOST).forEach(kind -> add(kind, name, text, questions));
            }
            texts.put(name, text.toString());
        }
        return new TopicPages(texts, List.copyOf(questions));
    }

    /// What is asked, and what the paragraph has without it.
    private record Left(String question, String definition, List<String> sentences) {}

    /// Null where nothing can be asked: then the paragraph has everything.
    private static Left left(Synset synset) {
        List<String> sentences = synset.examples();
        if (sentences.size() > 1) {
            String blank = Blank.in(sentences.getLast(), synset.lemmas()).orElse(null);
            if (blank != null) {
                return new Left(blank, synset.definition(), sentences.subList(0, sentences.size() - 1));
            }
        }
        List<String> parts = GlossExamples.parts(synset);
        if (parts.size() > 1 && Blank.in(parts.getLast(), synset.lemmas()).isEmpty()) {
            return new Left(parts.getLast(), String.join("; ", parts.subList(0, parts.size() - 1)), sentences);
        }
        return null;
    }

    private static void add(Synset kind, String page, StringBuilder text, List<Asked> questions) {
        Left left = left(kind);
        int start = text.length();
        text.append(String.join(", ", kind.lemmas()))
                .append(": ")
                .append(left == null ? kind.definition() : left.definition)
                .append('.');
        (left == null ? kind.examples() : left.sentences)
                .forEach(sentence -> text.append(' ').append(sentence).append('.'));
        if (left != null) {
            questions.add(new Asked(left.question, page, start, text.length()));
        }
        text.append("\n\n");
    }
}
