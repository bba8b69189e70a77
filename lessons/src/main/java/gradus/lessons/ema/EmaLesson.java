package gradus.lessons.ema;

import gradus.lessons.learn.exercise.Lesson;
import gradus.lessons.learn.picture.LinePlot;
import gradus.tensor.random.Rng;
import java.util.Locale;

/// Weights that jump about, and their averages.
public final class EmaLesson {
    private static final int WEIGHTS = 50;
    private static final int STEPS = 400;

    private EmaLesson() {}

    public static Lesson lesson() {
        return Lesson.of(
                "Averages of weights",
                EmaLesson.class,
                DebiasedAverageExercise.exercise(),
                CopiedAverageExercise.exercise(),
                BorrowedWeightsExercise.exercise());
    }

    public static void main(String[] arguments) {
        double[][] seen = descent();
        System.out.println("steps:            10     50    400");
        LinePlot plot =
                LinePlot.of("noisy SGD and its averages", "step", "loss").logarithmicY();
        plot.line("weights", losses("weights", seen));
        for (double decay : new double[] {0.9, 0.98}) {
            plot.line("average, d = " + decay, losses("d = " + decay, debiased(seen, decay)));
        }
        losses("d = 0.98, biased", biased(seen, 0.98));
        plot.save("ema-losses");
        System.out.println("what a start at 0 still weighs, d = 0.98:");
        for (int step : new int[] {1, 10, 50, 400}) {
            System.out.printf(Locale.ROOT, "after %3d steps %.4f%n", step, Math.pow(0.98, step));
        }
    }

    /// The weights after every step of SGD on `½·Σ(w - 1)²`, from 3, with noise in each gradient.
    private static double[][] descent() {
        double[][] seen = new double[STEPS][];
        double[] weights = new double[WEIGHTS];
        java.util.Arrays.fill(weights, 3);
        for (int step = 0; step < STEPS; step++) {
            Rng noise = Rng.of(step);
            for (int i = 0; i < WEIGHTS; i++) {
                weights[i] -= 0.2 * (weights[i] - 1 + noise.gaussian(i));
            }
            seen[step] = weights.clone();
        }
        return seen;
    }

    private static double[][] biased(double[][] seen, double decay) {
        double[][] averages = new double[STEPS][WEIGHTS];
        for (int step = 0; step < STEPS; step++) {
            for (int i = 0; i < WEIGHTS; i++) {
                double before = step == 0 ? 0 : averages[step - 1][i];
                averages[step][i] = decay * before + (1 - decay) * seen[step][i];
            }
        }
        return averages;
    }

    private static double[][] debiased(double[][] seen, double decay) {
        double[][] averages = biased(seen, decay);
        for (int step = 0; step < STEPS; step++) {
            for (int i = 0; i < WEIGHTS; i++) {
                averages[step][i] /= 1 - Math.pow(decay, step + 1);
            }
        }
        return averages;
    }

    private static double[] losses(String name, double[][] weights) {
        double[] losses = new double[STEPS];
        for (int step = 0; step < STEPS; step++) {
            for (double w : weights[step]) {
                losses[step] += 0.5 * (w - 1) * (w - 1) / WEIGHTS;
            }
        }
        System.out.printf(Locale.ROOT, "%-16s %.4f %.4f %.4f%n", name, losses[9], losses[49], losses[399]);
        return losses;
    }
}
