package gradus.lessons.norms;

import gradus.lessons.learn.exercise.Lesson;
import gradus.lessons.learn.picture.LinePlot;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// Which numbers each norm puts together, and what pre-norm and post-norm do to gradients over many layers.
public final class NormsLesson {
    private static final int CHANNELS = 32;
    private static final int LAYERS = 32;

    private NormsLesson() {}

    public static Lesson lesson() {
        return Lesson.of(
                "BatchNorm, LayerNorm, RMSNorm, and where they stand",
                NormsLesson.class,
                LayerNormForwardExercise.exercise(),
                RmsNormForwardExercise.exercise(),
                BatchNormStepExercise.exercise(),
                PreNormBlockExercise.exercise());
    }

    public static void main(String[] arguments) {
        one();
        batch();
        depth();
    }

    private static void one() {
        Tensor x = Tensor.of(new float[] {1, 2, 3, 10}, 1, 4);
        print("x                 ", x.toArray());
        print(
                "LayerNorm         ",
                LayerNormForward.layerNorm(x, Tensor.ones(4), Tensor.zeros(4), 1e-5)
                        .toArray());
        print(
                "RMSNorm           ",
                RmsNormForward.rmsNorm(x, Tensor.ones(4), 1e-5).toArray());
        Tensor shifted = x.add(100);
        print(
                "LayerNorm, x + 100",
                LayerNormForward.layerNorm(shifted, Tensor.ones(4), Tensor.zeros(4), 1e-5)
                        .toArray());
        print(
                "RMSNorm, x + 100  ",
                RmsNormForward.rmsNorm(shifted, Tensor.ones(4), 1e-5).toArray());
    }

    private static void batch() {
        double[] mean = {0};
        double[] variance = {1};
        Rng rng = Rng.of(1);
        for (int step = 1; step <= 100; step++) {
            double[][] x = new double[8][1];
            for (int n = 0; n < x.length; n++) {
                x[n][0] = 5 + 2 * rng.at(step).gaussian(n);
            }
            BatchNormStep.forward(x, mean, variance, true, 0.1, 1e-5);
            if (step == 1 || step == 10 || step == 100) {
                System.out.printf(
                        Locale.ROOT,
                        "step %3d: running mean %.2f, running variance %.2f%n",
                        step,
                        mean[0],
                        variance[0]);
            }
        }
        double[][] alone = {{9}};
        System.out.printf(
                Locale.ROOT,
                "evaluation of the single number 9: %.2f%n",
                BatchNormStep.forward(alone, mean, variance, false, 0.1, 1e-5)[0][0]);
    }

    private static void depth() {
        double[] pre = gradients(true);
        double[] post = gradients(false);
        System.out.printf(
                Locale.ROOT,
                "gradient of the first and the last of %d layers, pre-norm:  %.3f and %.3f%n",
                LAYERS,
                pre[0],
                pre[LAYERS - 1]);
        System.out.printf(
                Locale.ROOT,
                "gradient of the first and the last of %d layers, post-norm: %.6f and %.3f%n",
                LAYERS,
                post[0],
                post[LAYERS - 1]);
        LinePlot.of("size of the weights' gradient, layer by layer", "layer", "gradient")
                .logarithmicY()
                .line("pre-norm", pre)
                .line("post-norm", post)
                .save("norms-gradients");
    }

    /// The length of each layer's gradient in a stack of random layers.
    private static double[] gradients(boolean pre) {
        Tensor[] weights = new Tensor[LAYERS];
        Tensor gain = Tensor.ones(CHANNELS);
        Tensor x = Tensor.randn(Rng.of(2), 16, CHANNELS);
        for (int i = 0; i < LAYERS; i++) {
            weights[i] = Tensor.randn(Rng.of(3).at(i), CHANNELS, CHANNELS)
                    .mul(Math.sqrt(2.0 / CHANNELS))
                    .detach()
                    .requireGrad();
            Tensor read = pre ? x.rmsNorm(gain, 1e-5) : x;
            x = x.add(read.matmul(weights[i]).relu());
            x = pre ? x : x.rmsNorm(gain, 1e-5);
        }
        x = pre ? x.rmsNorm(gain, 1e-5) : x;
        x.mul(Tensor.randn(Rng.of(4), 16, CHANNELS)).sum().backward();
        return Arrays.stream(weights).mapToDouble(w -> w.grad().norm().item()).toArray();
    }

    private static void print(String what, double[] numbers) {
        System.out.println(what + " "
                + Arrays.stream(numbers)
                        .mapToObj(x -> String.format(Locale.ROOT, "%6.2f", x))
                        .collect(Collectors.joining(" ")));
    }
}
