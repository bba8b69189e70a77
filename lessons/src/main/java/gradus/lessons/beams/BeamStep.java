package gradus.lessons.beams;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// One step of a beam search.
public final class BeamStep {
    private BeamStep() {}

    /// Of all continuations of all beams by one token, the best ones: those with the largest `scores[beam] +
    /// logProbabilities[beam][token]`, best first. Of equally good ones that of the smaller beam comes first,
    /// and within a beam that of the smaller token. A continuation of score -∞ is none: it never comes back,
    /// even if fewer than `width` are left.
    ///
    /// @param scores           log-probability of each beam's text so far
    /// @param logProbabilities for each beam one of each token that may follow
    /// @param width            at least 1; may be more or less than there are beams
    /// @return up to `width` rows {beam, token}
    public static List<int[]> best(double[] scores, double[][] logProbabilities, int width) {
        // --- your answer
        List<int[]> all = new ArrayList<>();
        for (int beam = 0; beam < scores.length; beam++) {
            for (int token = 0; token < logProbabilities[beam].length; token++) {
                if (scores[beam] + logProbabilities[beam][token] > Double.NEGATIVE_INFINITY) {
                    all.add(new int[] {beam, token});
                }
            }
        }
        all.sort(Comparator.comparingDouble(c -> -(scores[c[0]] + logProbabilities[c[0]][c[1]]))); // stable
        return List.copyOf(all.subList(0, Math.min(width, all.size())));
        // ---
    }
}
