package gradus.lessons.sinusoidal;

import gradus.layers.position.Sinusoidal;
import gradus.lessons.learn.exercise.Lesson;
import gradus.lessons.learn.picture.HeatMap;
import gradus.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// What the sinusoidal table looks like, what two of its rows have in common, and what a learned table lacks.
public final class SinusoidalLesson {
    private static final int POSITIONS = 40;
    private static final int CHANNELS = 32;

    private SinusoidalLesson() {}

    public static Lesson lesson() {
        return Lesson.of(
                "Sinusoidal and learned positions",
                SinusoidalLesson.class,
                SinusoidTableExercise.exercise(),
                StepAheadExercise.exercise(),
                AddPositionsExercise.exercise());
    }

    public static void main(String[] arguments) {
        Tensor table = table(POSITIONS, CHANNELS);
        rows();
        HeatMap.of("sinusoidal positions", table)
                .labels(numbers(POSITIONS), numbers(CHANNELS))
                .save("sinusoidal-table");
        products(table);
        unseen();
    }

    /// The layer adds the table to what it is given: to zeros, so that the table is left.
    private static Tensor table(int positions, int channels) {
        return new Sinusoidal().embed(Tensor.zeros(1, positions, channels), 0).reshape(positions, channels);
    }

    private static void rows() {
        Tensor table = table(4, 6);
        for (int t = 0; t < 4; t++) {
            System.out.println("position " + t + ": " + text(table.select(0, t)));
        }
    }

    private static void products(Tensor table) {
        for (int[] pair : new int[][] {{3, 3}, {3, 4}, {23, 24}, {3, 13}, {23, 33}}) {
            double product =
                    table.select(0, pair[0]).mul(table.select(0, pair[1])).sum().item();
            System.out.printf(Locale.ROOT, "row %d times row %d: %.3f%n", pair[0], pair[1], product);
        }
    }

    /// A learned table gets a gradient only where tokens stood.
    private static void unseen() {
        Tensor learned = Tensor.zeros(8, 2).requireGrad();
        Tensor x = Tensor.ones(3, 5, 2);
        x.add(learned.slice(0, 0, 5)).square().mean().backward();
        System.out.println("gradient of 8 learned rows after texts of 5 tokens:");
        System.out.println(text(learned.grad().select(1, 0)));
    }

    private static String text(Tensor numbers) {
        return Arrays.stream(numbers.toArray())
                .mapToObj(p -> String.format(Locale.ROOT, "%.3f", p))
                .collect(Collectors.joining(" "));
    }

    private static List<String> numbers(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).toList();
    }
}
