package gradus.lessons.retrieve.search;

import gradus.tensor.random.Rng;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Documents of drawn words; the word number 0 is the most frequent.
public final class Corpora {
    private Corpora() {}

    /// @param count   documents
    /// @param words   different words
    /// @param longest words of a document, at most; some documents have none
    public static List<Document> drawn(long seed, int count, int words, int longest) {
        List<Document> documents = new ArrayList<>();
        for (int d = 0; d < count; d++) {
            Rng rng = Rng.of(seed).at("documents").at(d);
            String text = text(rng, words, rng.index(0, longest + 1));
            documents.add(Document.of("d" + rng.bits(1) % 1000 + "-" + d, text)
                    .withMetadata(
                            Map.of("year", Integer.toString(1990 + rng.index(2, 20)), "kind", "k" + rng.index(3, 4))));
        }
        return documents;
    }

    /// A question of 1 to 6 words, some of them in no document, some repeated.
    public static String query(long seed, int number, int words) {
        Rng rng = Rng.of(seed).at("queries").at(number);
        return text(rng, words + 2, 1 + rng.index(0, 6));
    }

    private static String text(Rng rng, int words, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            double u = rng.uniform(10 + i);
            text.append('w').append((int) (words * u * u)).append(' ');
        }
        return text.toString();
    }
}
