package gradus.lessons.backward;

import gradus.lessons.learn.exercise.Lesson;
import gradus.lessons.learn.picture.LinePlot;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// The backward rules of broadcasting, of matrix products and of values used twice, held against autograd;
/// and what a skip connection does to the gradient of a deep stack.
public final class BackwardLesson {
    private static final int DEPTH = 30;
    private static final int WIDTH = 32;

    private BackwardLesson() {}

    public static Lesson lesson() {
        return Lesson.of(
                "Backward rules of tensor operations",
                BackwardLesson.class,
                SumToExercise.exercise(),
                MatmulBackwardExercise.exercise(),
                ResidualBackwardExercise.exercise());
    }

    public static void main(String[] arguments) {
        broadcast();
        product();
        depth();
    }

    private static void broadcast() {
        Tensor x = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
        Tensor row = Tensor.zeros(3).requireGrad();
        Tensor column = Tensor.zeros(2, 1).requireGrad();
        x.add(row).add(column).square().sum().backward();
        print("gradient of a row added to a (2, 3) matrix:   ", row.grad());
        print("gradient of a column added to a (2, 3) matrix:", column.grad());
    }

    private static void product() {
        Rng rng = Rng.of(5);
        Tensor x = Tensor.randn(rng.at("x"), 2, 3, 4).requireGrad();
        Tensor w = Tensor.randn(rng.at("w"), 4, 5).requireGrad();
        Tensor gradient = Tensor.randn(rng.at("gradient"), 2, 3, 5);
        x.matmul(w).backward(gradient);
        Tensor[] byHand = MatmulBackward.gradients(x.detach(), w.detach(), gradient);
        System.out.println("matmul's gradients by hand and by autograd agree: x "
                + byHand[0].allClose(x.grad(), 1e-4, 1e-5) + ", w " + byHand[1].allClose(w.grad(), 1e-4, 1e-5));
    }

    /// The size of the gradient at each depth of a stack, with skip connections and without.
    private static void depth() {
        double[] plain = gradientNorms(false);
        double[] residual = gradientNorms(true);
        for (int layer : new int[] {0, DEPTH / 2, DEPTH - 1}) {
            System.out.printf(
                    Locale.ROOT,
                    "gradient before layer %2d of %d: %.1e plain, %.1e with skip connections%n",
                    layer + 1,
                    DEPTH,
                    plain[layer],
                    residual[layer]);
        }
        LinePlot.of("size of the gradient in a stack of 30 layers", "layer", "norm of the gradient")
                .logarithmicY()
                .line("plain", plain)
                .line("with skip connections", residual)
                .save("gradient-by-depth");
    }

    private static double[] gradientNorms(boolean skip) {
        Rng rng = Rng.of(1);
        Tensor[] states = new Tensor[DEPTH + 1];
        states[0] = Tensor.randn(rng.at("x"), 8, WIDTH).requireGrad();
        for (int layer = 0; layer < DEPTH; layer++) {
            Tensor w = Tensor.randn(rng.at(layer), WIDTH, WIDTH).mul(0.5 / Math.sqrt(WIDTH));
            Tensor inner = states[layer].matmul(w).relu();
            states[layer + 1] = (skip ? states[layer].add(inner) : inner).retainGrad();
        }
        states[DEPTH].backward(Tensor.ones(8, WIDTH));
        return Arrays.stream(states, 0, DEPTH)
                .mapToDouble(state -> state.grad().norm().item())
                .toArray();
    }

    private static void print(String what, Tensor numbers) {
        System.out.println(what + " "
                + Arrays.stream(numbers.toArray())
                        .mapToObj(x -> String.format(Locale.ROOT, "%.0f", x))
                        .collect(Collectors.joining(" ")));
    }
}
