package gradus.lessons.swiglu;

import gradus.layers.feedforward.GatedFeedForward;
import gradus.lessons.learn.exercise.Lesson;
import gradus.lessons.learn.picture.LinePlot;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// What activations do, and what a gate can do that they cannot.
public final class SwiGluLesson {
    private static final int HIDDEN = 24;
    private static final int STEPS = 400;

    private SwiGluLesson() {}

    public static Lesson lesson() {
        return Lesson.of(
                "GELU, SiLU and gated units",
                SwiGluLesson.class,
                GeluByTanhExercise.exercise(),
                GatedUnitExercise.exercise(),
                HiddenUnitsExercise.exercise());
    }

    public static void main(String[] arguments) {
        values();
        picture();
        products();
        widths();
    }

    private static void values() {
        Tensor x = Tensor.of(new float[] {-3, -1, -0.1f, 0, 0.1f, 1, 3}, 7);
        print("x:    ", x);
        print("ReLU: ", x.relu());
        print("GELU: ", x.gelu());
        print("tanh: ", x.geluTanh());
        print("SiLU: ", x.silu());
    }

    private static void picture() {
        Tensor x = Tensor.linspace(-4, 3, 141);
        double[] places = x.toArray();
        LinePlot.of("three activations", "x", "f(x)")
                .line("ReLU", places, x.relu().toArray())
                .line("GELU", places, x.gelu().toArray())
                .line("SiLU", places, x.silu().toArray())
                .save("swiglu-activations");
    }

    /// Learns the product of two numbers, with a gate and without.
    private static void products() {
        Tensor x = Tensor.randn(Rng.of(1), 256, 2);
        Tensor y = x.slice(1, 0, 1).mul(x.slice(1, 1, 2)); // (256, 1)
        train("GELU, 36 units", x, y, 36, false);
        train("SwiGLU, 24 units", x, y, HIDDEN, true);
    }

    private static void train(String name, Tensor x, Tensor y, int hidden, boolean gated) {
        Tensor in = Tensor.randn(Rng.of(2), hidden, 2).mul(0.7).requireGrad();
        Tensor up = Tensor.randn(Rng.of(3), hidden, 2).mul(0.7).requireGrad();
        Tensor out = Tensor.randn(Rng.of(4), 1, hidden).mul(0.2).requireGrad();
        double loss = 0;
        for (int step = 0; step < STEPS; step++) {
            Tensor a = x.matmul(in, false, true); // (256, F)
            Tensor h = gated ? a.silu().mul(x.matmul(up, false, true)) : a.gelu();
            Tensor error = h.matmul(out, false, true).sub(y).square().mean();
            error.backward();
            loss = error.item();
            descend(in);
            descend(out);
            if (gated) {
                descend(up);
            }
        }
        System.out.printf(Locale.ROOT, "%-17s mean squared error %.4f%n", name + ":", loss);
    }

    private static void descend(Tensor weight) {
        weight.copyFrom(weight.detach().sub(weight.grad().mul(0.05)));
        weight.zeroGrad();
    }

    private static void widths() {
        for (int dim : new int[] {512, 4096}) {
            int hidden = GatedFeedForward.hiddenFor(dim, 1, 256);
            System.out.printf(
                    Locale.ROOT,
                    "%d channels: without a gate 2·%d·%d = %.1f million, with %d units and a gate %.1f million%n",
                    dim,
                    dim,
                    4 * dim,
                    8.0 * dim * dim / 1e6,
                    hidden,
                    3.0 * dim * hidden / 1e6);
        }
    }

    private static void print(String what, Tensor numbers) {
        String text = Arrays.stream(numbers.toArray())
                .mapToObj(p -> String.format(Locale.ROOT, "%7.4f", p + 0.0))
                .collect(Collectors.joining(" "));
        System.out.println(what + text);
    }
}
