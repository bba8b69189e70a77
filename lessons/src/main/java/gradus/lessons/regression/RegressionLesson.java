package gradus.lessons.regression;

import gradus.lessons.learn.exercise.Lesson;
import gradus.lessons.learn.picture.LinePlot;
import gradus.tensor.random.Rng;
import java.util.Arrays;
import java.util.Locale;

/// A line through noisy points, found in two ways; and what the learning rate has to do with it.
public final class RegressionLesson {
    private static final int EXAMPLES = 60;

    private RegressionLesson() {}

    public static Lesson lesson() {
        return Lesson.of(
                "Linear regression",
                RegressionLesson.class,
                GradientDescentExercise.exercise(),
                LinearSolveExercise.exercise(),
                NormalEquationsExercise.exercise());
    }

    public static void main(String[] arguments) {
        Rng rng = Rng.of(7);
        double[][] x = new double[EXAMPLES][1];
        double[] y = new double[EXAMPLES];
        for (int i = 0; i < EXAMPLES; i++) {
            x[i][0] = 4 * rng.at("x").uniform(i) - 1;
            y[i] = 3 * x[i][0] - 2 + rng.at("noise").gaussian(i);
        }
        double[] exact = solved(x, y, 0);
        print("normal equations:        ", x, y, exact);
        for (int steps : new int[] {1, 10, 100, 1000}) {
            print(
                    String.format(Locale.ROOT, "gradient descent, %4d:  ", steps),
                    x,
                    y,
                    GradientDescent.fit(x, y, 0.1, steps));
        }
        print("ridge, lambda = 1:       ", x, y, solved(x, y, 1));
        points(x, y, exact);
        rates(x, y);
    }

    private static double[] solved(double[][] x, double[] y, double lambda) {
        double[][] system = NormalEquations.system(x, y, lambda);
        int n = system.length;
        double[] right = Arrays.stream(system).mapToDouble(row -> row[n]).toArray();
        double[][] left =
                Arrays.stream(system).map(row -> Arrays.copyOf(row, n)).toArray(double[][]::new);
        return LinearSolve.solve(left, right);
    }

    private static void points(double[][] x, double[] y, double[] line) {
        double[] ends = {-1, 3};
        LinePlot.of("a line through noisy points", "x", "y")
                .points("examples", Arrays.stream(x).mapToDouble(row -> row[0]).toArray(), y)
                .line(
                        "fitted",
                        ends,
                        Arrays.stream(ends).map(at -> line[0] * at + line[1]).toArray())
                .save("line");
    }

    /// The loss against the step, for rates that are too small, right and too large.
    private static void rates(double[][] x, double[] y) {
        int steps = 40;
        LinePlot plot = LinePlot.of("loss against step for four learning rates", "step", "loss")
                .logarithmicY();
        for (double rate : new double[] {0.01, 0.1, 0.3, 0.36}) {
            double[] losses = new double[steps + 1];
            for (int step = 0; step <= steps; step++) {
                losses[step] = loss(x, y, GradientDescent.fit(x, y, rate, step));
            }
            plot.line("rate " + rate, losses);
            System.out.printf(Locale.ROOT, "rate %.2f: loss %.3g after %d steps%n", rate, losses[steps], steps);
        }
        plot.save("rates");
    }

    private static void print(String what, double[][] x, double[] y, double[] w) {
        System.out.printf(Locale.ROOT, "%s y = %.3f x %+.3f, loss %.3f%n", what, w[0], w[1], loss(x, y, w));
    }

    private static double loss(double[][] x, double[] y, double[] w) {
        double sum = 0;
        for (int i = 0; i < y.length; i++) {
            double off = w[0] * x[i][0] + w[1] - y[i];
            sum += off * off;
        }
        return sum / y.length;
    }
}
