package gradus.lessons.prompting;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Examples that are like the question.
public final class NearestExamples {
    private NearestExamples() {}

    /// Chooses the k examples for a prompt: those whose vectors are most like that of the question, by the
    /// cosine
    ///
    /// `a·b / (‖a‖·‖b‖)`
    ///
    /// The question is itself one of the vectors, and is **not** to be chosen: as an example, it would give its
    /// own answer away. Of two that are equally like, the one with the lower number counts as more like.
    ///
    /// **Shapes** vectors (N, C) → (k)
    ///
    /// @param vectors  none of them is 0
    /// @param question its number among the vectors
    /// @param k        from 0 to N − 1
    /// @return the numbers of the examples, the one that is **most like the question last**, where it stands
    ///     next to it
    public static int[] choose(double[][] vectors, int question, int k) {
        // --- your answer
        double[] asked = vectors[question];
        double[] cosines = new double[vectors.length];
        List<Integer> others = new ArrayList<>();
        for (int i = 0; i < vectors.length; i++) {
            cosines[i] = dot(vectors[i], asked) / Math.sqrt(dot(vectors[i], vectors[i]) * dot(asked, asked));
            if (i != question) {
                others.add(i);
            }
        }
        others.sort(Comparator.comparingDouble(i -> -cosines[i]));
        List<Integer> nearest = others.subList(0, k).reversed();
        return nearest.stream().mapToInt(i -> i).toArray();
        // ---
    }

    /// Given: the product of two vectors, a·b.
    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int c = 0; c < a.length; c++) {
            sum += a[c] * b[c];
        }
        return sum;
    }
}
