package gradus.lessons.tensors;

import gradus.lessons.learn.exercise.Lesson;
import gradus.lessons.learn.picture.HeatMap;
import gradus.tensor.Tensor;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// How a tensor lies in memory, and how two shapes are combined.
public final class TensorsLesson {
    private static final int POINTS = 12;

    private TensorsLesson() {}

    public static Lesson lesson() {
        return Lesson.of(
                "Tensors and broadcasting",
                TensorsLesson.class,
                OffsetExercise.exercise(),
                BroadcastShapeExercise.exercise(),
                DistancesExercise.exercise());
    }

    public static void main(String[] arguments) {
        memory();
        broadcasting();
        pairs();
        trap();
    }

    private static void memory() {
        Tensor x = Tensor.arange(24).reshape(2, 3, 4);
        System.out.println(
                "shape " + x.shape() + ", strides " + Arrays.toString(x.shape().strides()));
        System.out.printf(Locale.ROOT, "x[1, 2, 3] is %.0f, the last of all%n", x.get(1, 2, 3));
        print("the first row", x.select(0, 0).select(0, 0));
        print(
                "the first row after transpose(1, 2)",
                x.transpose(1, 2).select(0, 0).select(0, 0));
    }

    private static void broadcasting() {
        Tensor column = Tensor.of(new float[] {0, 10, 20}, 3, 1);
        Tensor row = Tensor.of(new float[] {1, 2, 3, 4}, 4);
        Tensor sum = column.add(row);
        System.out.println("a column " + column.shape() + " and a row " + row.shape() + " make " + sum.shape());
        for (Tensor each : sum.unbind(0)) {
            print("   ", each);
        }
    }

    private static void pairs() {
        double[] circle = new double[2 * POINTS];
        for (int i = 0; i < POINTS; i++) {
            circle[2 * i] = Math.cos(2 * Math.PI * i / POINTS);
            circle[2 * i + 1] = Math.sin(2 * Math.PI * i / POINTS);
        }
        Tensor points = Tensor.of(circle, POINTS, 2);
        Tensor distances = Distances.distances(points, points);
        System.out.printf(
                Locale.ROOT,
                "12 points on a circle: neighbours %.3f apart, opposite ones %.3f (squared)%n",
                distances.get(0, 1),
                distances.get(0, POINTS / 2));
        HeatMap.of("squared distance of 12 points on a circle", distances).save("distances");
    }

    /// Predictions as a column and targets as a row: every prediction is compared with every target.
    private static void trap() {
        Tensor predictions = Tensor.of(new float[] {1, 2, 3, 4}, 4, 1);
        Tensor targets = Tensor.of(new float[] {1, 2, 3, 4}, 4);
        Tensor wrong = predictions.sub(targets).square();
        Tensor right = predictions.reshape(4).sub(targets).square();
        System.out.printf(
                Locale.ROOT,
                "perfect predictions: loss %.2f of shape %s, and %.2f of shape %s%n",
                wrong.mean().item(),
                wrong.shape(),
                right.mean().item(),
                right.shape());
    }

    private static void print(String what, Tensor numbers) {
        System.out.println(what + " "
                + Arrays.stream(numbers.toArray())
                        .mapToObj(x -> String.format(Locale.ROOT, "%.0f", x))
                        .collect(Collectors.joining(" ")));
    }
}
