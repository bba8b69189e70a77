package gradus.lessons.attention;

import gradus.lessons.learn.exercise.Lesson;
import gradus.lessons.learn.picture.HeatMap;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// One head looking for a token by what it is, why scores are divided by √D, and how heads are split.
public final class AttentionLesson {
    private AttentionLesson() {}

    public static Lesson lesson() {
        return Lesson.of(
                "Attention from loops to batched heads",
                AttentionLesson.class,
                OneHeadExercise.exercise(),
                SplitHeadsExercise.exercise(),
                MergeHeadsExercise.exercise(),
                BatchedHeadsExercise.exercise());
    }

    public static void main(String[] arguments) {
        lookUp();
        scale();
        reshapeIsNoTranspose();
        loopsAgainstTensors();
    }

    private static void lookUp() {
        double[][] keys = {{4, 0}, {0, 4}, {-4, 0}, {0, -4}};
        double[][] values = {{10}, {20}, {30}, {40}};
        double[][] queries = {{4, 0}, {0, 1}, {0.2, -0.2}};
        double[][] looks = OneHead.attend(queries, keys, Rows.identity(4));
        double[][] results = OneHead.attend(queries, keys, values);
        for (int i = 0; i < queries.length; i++) {
            System.out.printf(
                    Locale.ROOT,
                    "query (%.1f, %.1f): weights %s, result %.2f%n",
                    queries[i][0],
                    queries[i][1],
                    text(looks[i]),
                    results[i][0]);
        }
        HeatMap.of("weights: three queries, four keys", looks).save("attention-weights");
    }

    private static void scale() {
        for (int size : new int[] {4, 64, 1024}) {
            Tensor q = Tensor.randn(Rng.of(1), 200, size);
            Tensor k = Tensor.randn(Rng.of(2), 200, size);
            Tensor scores = q.matmul(k.transpose(0, 1)); // (200, 200)
            System.out.printf(
                    Locale.ROOT,
                    "D = %4d: deviation of q·k %5.2f, largest weight %.2f; divided by √D %.2f and %.2f%n",
                    size,
                    scores.std().item(),
                    largest(scores),
                    scores.std().item() / Math.sqrt(size),
                    largest(scores.div(Math.sqrt(size))));
        }
    }

    /// The mean over the queries of the largest weight.
    private static double largest(Tensor scores) {
        return scores.softmax(1).amax(1).mean().item();
    }

    private static void reshapeIsNoTranspose() {
        Tensor x = Tensor.arange(8).reshape(1, 2, 4); // tokens 0 1 2 3 and 4 5 6 7
        System.out.println("head 0 by splitting:      "
                + text(SplitHeads.split(x, 2).slice(1, 0, 1).toArray()));
        System.out.println("head 0 by reshape alone:  "
                + text(x.reshape(1, 2, 2, 2).slice(1, 0, 1).toArray()));
        System.out.println("split and merged again:   "
                + text(MergeHeads.merge(SplitHeads.split(x, 2)).toArray()));
    }

    private static void loopsAgainstTensors() {
        Tensor q = Tensor.randn(Rng.of(3), 2, 3, 5, 4);
        Tensor k = Tensor.randn(Rng.of(4), 2, 3, 5, 4);
        Tensor v = Tensor.randn(Rng.of(5), 2, 3, 5, 4);
        double[] all = BatchedHeads.attend(q, k, v).slice(0, 1).slice(1, 2).toArray();
        double[][] one = OneHead.attend(Rows.rows(q, 1, 2), Rows.rows(k, 1, 2), Rows.rows(v, 1, 2));
        double most = 0;
        for (int i = 0; i < all.length; i++) {
            most = Math.max(most, Math.abs(all[i] - one[i / 4][i % 4]));
        }
        System.out.println("loops and tensors agree within 0.000001: " + (most < 1e-6));
    }

    private static String text(double[] numbers) {
        return Arrays.stream(numbers)
                .mapToObj(x -> x == Math.rint(x) ? Integer.toString((int) x) : String.format(Locale.ROOT, "%.3f", x))
                .collect(Collectors.joining(" "));
    }

    /// Matrices as arrays of rows.
    private static final class Rows {
        static double[][] identity(int n) {
            double[][] rows = new double[n][n];
            for (int i = 0; i < n; i++) {
                rows[i][i] = 1;
            }
            return rows;
        }

        /// Of one sequence and head.
        static double[][] rows(Tensor x, int sequence, int head) {
            double[] flat = x.select(0, sequence).select(0, head).toArray();
            int columns = x.dim(3);
            double[][] rows = new double[x.dim(2)][];
            for (int i = 0; i < rows.length; i++) {
                rows[i] = Arrays.copyOfRange(flat, i * columns, (i + 1) * columns);
            }
            return rows;
        }
    }
}
