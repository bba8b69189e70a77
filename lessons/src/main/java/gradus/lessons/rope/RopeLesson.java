package gradus.lessons.rope;

import gradus.layers.position.PlainFrequencies;
import gradus.layers.position.Rope;
import gradus.lessons.learn.exercise.Lesson;
import gradus.lessons.learn.picture.LinePlot;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// How a pair turns with the position, and that only the distance of query and key is left in their product.
public final class RopeLesson {
    private static final int SIZE = 64;
    private static final Rope ROPE = new Rope(new PlainFrequencies(10_000));

    private RopeLesson() {}

    public static Lesson lesson() {
        return Lesson.of(
                "Rotary positions",
                RopeLesson.class,
                RotatePairsExercise.exercise(),
                RopeScoreExercise.exercise(),
                DecodeStepExercise.exercise());
    }

    public static void main(String[] arguments) {
        turning();
        distance();
        reach();
        decoding();
    }

    private static void turning() {
        Tensor x = Tensor.of(new float[] {1, 1, 0, 0}, 1, 1, 4);
        for (int position : new int[] {0, 1, 2, 100}) {
            print("1 1 0 0 at position " + position + ": ", ROPE.rotate(x, 4, position));
        }
    }

    private static void distance() {
        Tensor q = Tensor.randn(Rng.of(1), 1, 1, SIZE);
        Tensor k = Tensor.randn(Rng.of(2), 1, 1, SIZE);
        for (int[] at : new int[][] {{5, 2}, {105, 102}, {1005, 1002}, {2, 5}}) {
            System.out.printf(Locale.ROOT, "query at %d, key at %d: %.3f%n", at[0], at[1], score(q, at[0], k, at[1]));
        }
    }

    private static double score(Tensor q, int m, Tensor k, int n) {
        return ROPE.rotate(q, SIZE, m).mul(ROPE.rotate(k, SIZE, n)).sum().item();
    }

    /// The product of a vector with itself some positions further on.
    private static void reach() {
        Tensor ones = Tensor.ones(1, 1, SIZE);
        LinePlot plot = LinePlot.of("one vector against itself, further on", "distance", "score / D");
        for (double base : new double[] {100, 10_000, 1_000_000}) {
            double[] scores = new double[257];
            Rope rope = new Rope(new PlainFrequencies(base));
            for (int d = 0; d < scores.length; d++) {
                scores[d] = rope.rotate(ones, SIZE, d).mul(ones).sum().item() / SIZE;
            }
            plot.line(String.format(Locale.ROOT, "base %.0e", base), scores);
        }
        plot.save("rope-reach");
    }

    private static void decoding() {
        Tensor q = Tensor.randn(Rng.of(3), 1, 6, SIZE).mul(1.5);
        Tensor k = Tensor.randn(Rng.of(4), 1, 6, SIZE);
        Tensor v = Tensor.randn(Rng.of(5), 1, 6, SIZE);
        Tensor all = attention(ROPE.rotate(q, SIZE, 0).slice(1, 5), ROPE.rotate(k, SIZE, 0), v);
        Tensor cache = ROPE.rotate(k.slice(1, 0, 5), SIZE, 0);
        for (int first : new int[] {5, 0}) {
            Tensor keys = Tensor.concat(1, cache, ROPE.rotate(k.slice(1, 5), SIZE, first));
            Tensor one = attention(ROPE.rotate(q.slice(1, 5), SIZE, first), keys, v);
            System.out.printf(
                    Locale.ROOT,
                    "last token alone, rotated by position %d: off by %.3f%n",
                    first,
                    one.sub(all).abs().max().item());
        }
    }

    private static Tensor attention(Tensor q, Tensor k, Tensor v) {
        return q.matmul(k, false, true).div(Math.sqrt(SIZE)).softmax().matmul(v);
    }

    private static void print(String what, Tensor numbers) {
        String text = Arrays.stream(numbers.toArray())
                .mapToObj(p -> String.format(Locale.ROOT, "%.3f", p + 0.0))
                .collect(Collectors.joining(" "));
        System.out.println(what + text);
    }
}
