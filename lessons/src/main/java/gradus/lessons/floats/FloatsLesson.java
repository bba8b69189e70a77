package gradus.lessons.floats;

import gradus.lessons.learn.exercise.Lesson;
import gradus.lessons.learn.picture.LinePlot;
import java.util.Locale;

/// What float32 and bfloat16 can hold, what becomes of long sums, and what a GPU waits for.
public final class FloatsLesson {
    /// An H100 as its data sheet has it: bfloat16 operations and bytes a second.
    private static final double FLOPS = 989e12;

    private static final double BANDWIDTH = 3.35e12;

    private FloatsLesson() {}

    public static Lesson lesson() {
        return Lesson.of(
                "Floating point and scaling to a GPU",
                FloatsLesson.class,
                RoundToBfloat16Exercise.exercise(),
                KahanSumExercise.exercise(),
                MatmulTimeExercise.exercise());
    }

    public static void main(String[] arguments) {
        halves();
        sums();
        order();
        roofline();
    }

    private static void halves() {
        for (float x : new float[] {0.1f, 1.00390625f, 1.01171875f, 255.5f, 257}) {
            System.out.printf(Locale.ROOT, "%.8f in bfloat16: %.8f%n", x, RoundToBfloat16.round(x));
        }
        float weight = 1;
        for (int step = 0; step < 1000; step++) {
            weight = RoundToBfloat16.round(weight + 0.003f);
        }
        System.out.printf(Locale.ROOT, "1 + 1000 times 0.003 in bfloat16: %.3f%n", weight);
    }

    private static void sums() {
        float[] tenths = new float[1_000_000];
        java.util.Arrays.fill(tenths, 0.1f);
        float plain = 0;
        double wide = 0;
        for (float each : tenths) {
            plain += each;
            wide += each;
        }
        System.out.printf(Locale.ROOT, "a million tenths, one after the other: %.1f%n", plain);
        System.out.printf(
                Locale.ROOT, "in pairs of pairs:                     %.1f%n", pairs(tenths, 0, tenths.length));
        System.out.printf(Locale.ROOT, "Kahan's sum:                           %.1f%n", KahanSum.sum(tenths));
        System.out.printf(Locale.ROOT, "in double:                             %.1f%n", wide);
    }

    private static float pairs(float[] values, int from, int to) {
        if (to - from == 1) {
            return values[from];
        }
        int middle = (from + to) / 2;
        return pairs(values, from, middle) + pairs(values, middle, to);
    }

    private static void order() {
        float large = 1e8f;
        System.out.println(
                "(1e8 + 1) - 1e8 = " + (large + 1 - large) + ", and (1e8 - 1e8) + 1 = " + (large - large + 1));
    }

    private static void roofline() {
        for (int tokens : new int[] {1, 64, 4096}) {
            double operations = 2.0 * tokens * 4096 * 4096;
            double intensity = operations / (2.0 * (2.0 * tokens * 4096 + 4096.0 * 4096));
            double seconds = MatmulTime.seconds(tokens, 4096, 4096, 2, FLOPS, BANDWIDTH);
            System.out.printf(
                    Locale.ROOT,
                    "%4d tokens: %6.1f operations a byte, %6.2f microseconds, %5.1f %% of the peak%n",
                    tokens,
                    intensity,
                    seconds * 1e6,
                    100 * operations / seconds / FLOPS);
        }
        double[] intensities = new double[50];
        double[] reached = new double[50];
        for (int i = 0; i < 50; i++) {
            intensities[i] = Math.pow(10, i * 4 / 49.0);
            reached[i] = Math.min(FLOPS, intensities[i] * BANDWIDTH) / 1e12;
        }
        LinePlot.of("the roofline of an H100 in bfloat16", "operations a byte", "10¹² operations a second")
                .logarithmicX()
                .logarithmicY()
                .line("at most", intensities, reached)
                .save("floats-roofline");
    }
}
