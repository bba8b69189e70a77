package gradus.lessons.alibi;

import gradus.layers.position.Alibi;
import gradus.lessons.learn.exercise.Lesson;
import gradus.lessons.learn.picture.LinePlot;
import gradus.tensor.Tensor;
import gradus.tensor.type.DType;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// How far each head of ALiBi sees, and what becomes of that in a longer text.
public final class AlibiLesson {
    private AlibiLesson() {}

    public static Lesson lesson() {
        return Lesson.of(
                "Relative positions and ALiBi",
                AlibiLesson.class,
                RelativeBiasExercise.exercise(),
                AlibiSlopesExercise.exercise(),
                AlibiWeightsExercise.exercise());
    }

    public static void main(String[] arguments) {
        slopes();
        weights();
        reach();
    }

    private static void slopes() {
        for (int heads : new int[] {4, 8, 6}) {
            System.out.println(heads + " heads: " + text(new Alibi(heads).slopes()));
        }
    }

    /// The weights of the last query where all scores are equal.
    private static double[] weights(Alibi alibi, int head, int keys) {
        return alibi.bias(1, keys, DType.FLOAT64).select(0, head).softmax().toArray();
    }

    private static void weights() {
        Alibi alibi = new Alibi(4);
        for (int head = 0; head < 4; head++) {
            System.out.println("head " + head + ", five keys: " + text(weights(alibi, head, 5)));
        }
        LinePlot plot =
                LinePlot.of("weights of 64 equal scores, ALiBi with 4 heads", "key", "weight of the last query");
        for (int head = 0; head < 4; head++) {
            plot.line("head " + head, weights(alibi, head, 64));
        }
        plot.save("alibi-weights");
    }

    /// The part of the weight that lies on the 64 nearest keys, for texts of several lengths.
    private static void reach() {
        Alibi alibi = new Alibi(4);
        for (int keys : new int[] {64, 256, 4096}) {
            double[] near = new double[4];
            for (int head = 0; head < 4; head++) {
                double[] weights = weights(alibi, head, keys);
                near[head] = Arrays.stream(weights, keys - 64, keys).sum();
            }
            System.out.println(keys + " keys, weight of the nearest 64: " + text(near));
        }
        Tensor plain = Tensor.zeros(4096).softmax();
        System.out.println("without a bias, 4096 keys, weight of the nearest 64: "
                + text(new double[] {plain.slice(0, 4032, 4096).sum().item()}));
    }

    private static String text(double[] numbers) {
        return Arrays.stream(numbers)
                .mapToObj(p -> String.format(Locale.ROOT, "%.4f", p))
                .collect(Collectors.joining(" "));
    }
}
