package gradus.lessons.lab.norms;

import gradus.train.task.Split;
import gradus.train.task.Tokens;
import java.util.Arrays;

/// What can be said of a text without its context.
final class LetterFrequencies {
    private LetterFrequencies() {}

    /// The loss of a text, in nats a token, by how frequent each token is in another one; each counts once more, so
    /// that none is impossible.
    ///
    /// @param split      the other one, and what is measured
    /// @param vocabulary V
    static double loss(Split split, int vocabulary) {
        double[] counts = new double[vocabulary];
        Arrays.fill(counts, 1);
        for (int id : ids(split.train())) {
            counts[id]++;
        }
        double all = Arrays.stream(counts).sum();
        return Arrays.stream(ids(split.validation()))
                .mapToDouble(id -> -Math.log(counts[id] / all))
                .average()
                .orElse(Double.NaN);
    }

    private static int[] ids(Tokens tokens) {
        int[] ids = new int[Math.toIntExact(tokens.size())];
        tokens.copy(0, ids, 0, ids.length);
        return ids;
    }
}
