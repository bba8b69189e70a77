package gradus.lessons.selfinstruct;

import java.util.List;
import java.util.OptionalInt;

/// The example that stands for a cluster of questions.
public final class ClusterExample {
    private ClusterExample() {}

    /// Auto-CoT makes examples of questions alone: it divides them into clusters, has the model write a
    /// rationale for each, and takes of every cluster one question with its rationale. This is the choice
    /// within a cluster: of the questions that are **simple enough**, the one nearest to the centre, by the
    /// distance `√Σ (v[c] − centre[c])²`; of equally near ones the first. Simple enough is a question with
    ///
    /// - at most 60 words, which are parted by single spaces;
    /// - a rationale of at most 5 lines, which are parted by `\n`;
    /// - a rationale that ends with a full stop: others were broken off.
    ///
    /// **Shapes** vectors (N, C), centre (C)
    ///
    /// @param vectors    of the cluster's questions
    /// @param questions  N
    /// @param rationales N
    /// @return the number of the question; empty if none is simple enough
    public static OptionalInt choose(
            double[][] vectors, double[] centre, List<String> questions, List<String> rationales) {
        // --- your answer
        OptionalInt best = OptionalInt.empty();
        double nearest = Double.POSITIVE_INFINITY;
        for (int i = 0; i < vectors.length; i++) {
            double distance = 0;
            for (int c = 0; c < centre.length; c++) {
                distance += (vectors[i][c] - centre[c]) * (vectors[i][c] - centre[c]);
            }
            String rationale = rationales.get(i);
            int words = questions.get(i).split(" ").length;
            int lines = rationale.split("\n").length;
            boolean simple = words <= 60 && lines <= 5 && rationale.endsWith(".");
            if (simple && distance < nearest) {
                best = OptionalInt.of(i);
                nearest = distance;
            }
        }
        return best;
        // ---
    }
}
