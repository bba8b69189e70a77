package gradus.lessons.chunks;

import gradus.layers.position.DualChunkRope;
import gradus.layers.position.PlainFrequencies;
import gradus.layers.position.RotaryPosition;
import gradus.lessons.learn.exercise.Lesson;
import gradus.lessons.learn.picture.HeatMap;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import java.util.List;
import java.util.Locale;

/// Which distance each pair of positions gets in dual chunk attention, and how its parts are put together.
public final class ChunksLesson {
    private ChunksLesson() {}

    public static Lesson lesson() {
        return Lesson.of(
                "Dual chunk attention",
                ChunksLesson.class,
                ChunkDistancesExercise.exercise(),
                MergeChunksExercise.exercise());
    }

    public static void main(String[] arguments) {
        table();
        furthest();
        merged();
    }

    /// The distances as the library's layer has them; 0 for keys that are not seen, for the picture's sake.
    private static double[][] distances(int length, int size, int trained) {
        DualChunkRope rope = new DualChunkRope(new PlainFrequencies(10_000), new DualChunkRope.Chunks(size, trained));
        List<RotaryPosition.Part> parts = rope.parts(length);
        double[][] distances = new double[length][length];
        for (RotaryPosition.Part part : parts) {
            for (int i = 0; i < length; i++) {
                for (int j = part.from(i); j < part.to(i); j++) {
                    distances[i][j] = part.place(i) - j % size;
                }
            }
        }
        return distances;
    }

    private static void table() {
        double[][] small = distances(9, 3, 5);
        for (int i = 0; i < 9; i++) {
            System.out.print("query " + i + ":");
            for (int j = 0; j <= i; j++) {
                System.out.print(" " + (int) small[i][j]);
            }
            System.out.println();
        }
        HeatMap.of("distance of query (row) and key (column), s = 8, c = 14", distances(40, 8, 14))
                .save("chunks-distances");
    }

    private static void furthest() {
        for (int length : new int[] {16, 64, 256}) {
            double furthest = 0;
            for (double[] row : distances(length, 12, 16)) {
                for (double each : row) {
                    furthest = Math.max(furthest, each);
                }
            }
            System.out.printf(
                    "%s tokens, trained on 16: furthest distance plain %s, in chunks of 12 %s%n",
                    length, length - 1, (int) furthest);
        }
    }

    /// One softmax over ten keys, and the same from three parts.
    private static void merged() {
        Tensor scores = Tensor.randn(Rng.of(1), 10).mul(2);
        Tensor values = Tensor.randn(Rng.of(2), 10, 1);
        double whole = scores.softmax().reshape(1, 10).matmul(values).item();
        double powers = 0;
        double sum = 0;
        int[] borders = {0, 4, 7, 10};
        for (int part = 0; part < 3; part++) {
            Tensor own = scores.slice(0, borders[part], borders[part + 1]);
            double result = own.softmax()
                    .reshape(1, -1)
                    .matmul(values.slice(0, borders[part], borders[part + 1]))
                    .item();
            double logarithm = own.logSumExp(0).item();
            System.out.printf(
                    Locale.ROOT,
                    "keys %d to %d: result %.4f, logarithm %.4f%n",
                    borders[part],
                    borders[part + 1] - 1,
                    result,
                    logarithm);
            powers += Math.exp(logarithm);
            sum += Math.exp(logarithm) * result;
        }
        System.out.printf(Locale.ROOT, "merged %.4f, one softmax %.4f%n", sum / powers, whole);
    }
}
