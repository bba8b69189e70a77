package gradus.lessons.gradcheck;

import gradus.lessons.learn.exercise.Lesson;
import gradus.lessons.learn.picture.LinePlot;
import gradus.tensor.GradientCheck;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import java.util.Locale;

/// How good differences are as derivatives: one-sided and central, in float and double, for every step.
public final class GradcheckLesson {
    private GradcheckLesson() {}

    public static Lesson lesson() {
        return Lesson.of(
                "Gradient checking",
                GradcheckLesson.class,
                CentralDifferenceExercise.exercise(),
                RelativeErrorExercise.exercise());
    }

    public static void main(String[] arguments) {
        steps();
        aWrongGradient();
        library();
    }

    /// The error of three differences of exp at 1, whose derivative is e.
    private static void steps() {
        int count = 49;
        double[] h = new double[count];
        double[][] errors = new double[3][count];
        for (int i = 0; i < count; i++) {
            h[i] = Math.pow(10, -12 + i * 0.25);
            errors[0][i] = error((Math.exp(1 + h[i]) - Math.exp(1)) / h[i]);
            errors[1][i] = error((Math.exp(1 + h[i]) - Math.exp(1 - h[i])) / (2 * h[i]));
            float step = (float) h[i];
            float above = (float) Math.exp(1 + step);
            float below = (float) Math.exp(1 - step);
            errors[2][i] = error((above - below) / (2 * step));
        }
        LinePlot plot = LinePlot.of("error of a difference as the derivative of exp at 1", "step h", "relative error")
                .logarithmicX()
                .logarithmicY();
        String[] names = {"one-sided, double", "central, double", "central, float"};
        for (int k = 0; k < 3; k++) {
            plot.line(names[k], h, errors[k]);
        }
        plot.save("step-size");
        for (int k = 4; k >= 2; k--) {
            int i = (12 - k) * 4;
            System.out.printf(Locale.ROOT, "h = 1e-%d: one-sided %.1e, central %.1e%n", k, errors[0][i], errors[1][i]);
        }
    }

    /// At least 1e-16, so that a logarithm can be drawn.
    private static double error(double derivative) {
        return Math.max(1e-16, Math.abs(derivative - Math.E) / Math.E);
    }

    /// f(w) = Σ (wᵢ³ - wᵢ·wᵢ₊₁), and a gradient that forgets the second use of each element.
    private static void aWrongGradient() {
        double[] w = {0.5, -1, 2, 1.5};
        double[] byDifferences = CentralDifference.gradient(GradcheckLesson::f, w, 1e-5);
        double[] right = new double[4];
        double[] wrong = new double[4];
        for (int i = 0; i < 4; i++) {
            wrong[i] = 3 * w[i] * w[i] - (i < 3 ? w[i + 1] : 0);
            right[i] = wrong[i] - (i > 0 ? w[i - 1] : 0);
        }
        System.out.printf(
                Locale.ROOT,
                "a right gradient is below 1e-8: %s; one that forgets a use: %.3f%n",
                RelativeError.error(right, byDifferences, 1e-8) < 1e-8,
                RelativeError.error(wrong, byDifferences, 1e-8));
    }

    private static double f(double[] w) {
        double sum = 0;
        for (int i = 0; i < w.length; i++) {
            sum += w[i] * w[i] * w[i] - (i + 1 < w.length ? w[i] * w[i + 1] : 0);
        }
        return sum;
    }

    /// The library's own check does the same with tensors.
    private static void library() {
        Tensor x = Tensor.randn(Rng.of(1), 3, 4).to(DType.FLOAT64);
        System.out.println("softmax by the library's check: passed "
                + GradientCheck.of(inputs -> inputs[0].softmax(), x).passed());
    }
}
