package gradus.lessons.initialisation;

import gradus.lessons.learn.exercise.Lesson;
import gradus.lessons.learn.picture.LinePlot;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import java.util.Locale;

/// How large numbers become on their way through fresh layers, with and without residual branches.
public final class InitialisationLesson {
    private static final int CHANNELS = 128;
    private static final int DEPTH = 30;

    private InitialisationLesson() {}

    public static Lesson lesson() {
        return Lesson.of(
                "Initialisation and signal propagation",
                InitialisationLesson.class,
                InitialDeviationExercise.exercise(),
                UnitVarianceExercise.exercise(),
                StreamVarianceExercise.exercise());
    }

    public static void main(String[] arguments) {
        plain();
        residual();
    }

    /// The deviation after 30 layers of ReLU, for weights of several sizes.
    private static void plain() {
        LinePlot plot = LinePlot.of("deviation on the way through 30 ReLU layers", "layer", "deviation")
                .logarithmicY();
        for (double factor : new double[] {0.5, 1, 2, 4}) {
            Tensor x = Tensor.randn(Rng.of(1), 64, CHANNELS);
            double[] deviations = new double[DEPTH + 1];
            deviations[0] = root(x);
            for (int layer = 1; layer <= DEPTH; layer++) {
                Tensor weight =
                        Tensor.randn(Rng.of(2).at(layer), CHANNELS, CHANNELS).mul(Math.sqrt(factor / CHANNELS));
                x = x.matmul(weight, false, true).relu();
                deviations[layer] = root(x);
            }
            System.out.printf(
                    Locale.ROOT,
                    "weights √(%.1f/C): after 10 layers %.3g, after 30 %.3g%n",
                    factor,
                    deviations[10],
                    deviations[DEPTH]);
            plot.line(String.format(Locale.ROOT, "√(%.1f/C)", factor), deviations);
        }
        plot.save("initialisation-depth");
    }

    /// The variance of a residual stream after L blocks of two linear branches.
    private static void residual() {
        for (int blocks : new int[] {4, 16, 48}) {
            System.out.printf(
                    Locale.ROOT,
                    "%2d blocks: no norms %.3g, norms %.3g, norms and 1/√(2L) %.3g%n",
                    blocks,
                    stream(blocks, false, false),
                    stream(blocks, true, false),
                    stream(blocks, true, true));
        }
    }

    private static double stream(int blocks, boolean normalised, boolean scaled) {
        double deviation = Math.sqrt(1.0 / CHANNELS) * (scaled ? 1 / Math.sqrt(2.0 * blocks) : 1);
        Tensor x = Tensor.randn(Rng.of(3), 64, CHANNELS);
        for (int branch = 0; branch < 2 * blocks; branch++) {
            Tensor weight =
                    Tensor.randn(Rng.of(4).at(branch), CHANNELS, CHANNELS).mul(deviation);
            Tensor in = normalised ? x.rmsNorm(Tensor.ones(CHANNELS), 1e-6) : x;
            x = x.add(in.matmul(weight, false, true));
        }
        return x.square().mean().item();
    }

    private static double root(Tensor x) {
        return Math.sqrt(x.square().mean().item());
    }
}
