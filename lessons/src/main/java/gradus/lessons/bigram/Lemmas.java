package gradus.lessons.bigram;

import gradus.tensor.random.Rng;
import gradus.train.corpus.WordNetCorpus;
import java.util.ArrayList;
import java.util.List;

/// The words of the dictionary WordNet that consist of the letters a to z alone, in an order drawn by chance.
public final class Lemmas {
    /// a to z, and the edge of a word.
    public static final int SYMBOLS = 27;

    private Lemmas() {}

    /// Each word once. Shuffled, so that the last tenth is as good a sample as the first.
    public static List<String> words() {
        List<String> words = new ArrayList<>(WordNetCorpus.entries().stream()
                .map(entry -> entry.substring(0, entry.indexOf(':')))
                .filter(lemma -> lemma.matches("[a-z]{2,14}"))
                .distinct()
                .toList());
        Rng rng = Rng.of(3);
        for (int last = words.size() - 1; last > 0; last--) {
            int other = rng.index(last, last + 1);
            words.set(last, words.set(other, words.get(last)));
        }
        return words;
    }

    /// `.` for 0, the edge of a word, and a to z for 1 to 26.
    public static char letter(int symbol) {
        return symbol == 0 ? '.' : (char) ('a' + symbol - 1);
    }
}
