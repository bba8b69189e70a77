package gradus.lessons.lab.align.kl;

import static gradus.error.ConfigException.require;

import gradus.lessons.lab.align.EnumerableProblem;
import gradus.lessons.lab.align.KlPlacement;
import gradus.lessons.sampling.Categorical;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import java.util.Arrays;

/// An algorithm that learns from what it draws, on a problem whose answers can all be listed: so what becomes
/// of its reward and of its divergence is known exactly at each step, and only the learning is by chance. The
/// loss is that of [KlPlacement] for whole answers, the mean over some that were drawn; the step is `θ ← θ -
/// lr·g`. A fraction of a second in float32, which is exact enough beside what is drawn.
///
/// @param reward E_π[r] after each step
/// @param kl     KL(π‖ref) after each step
record SampledDescent(double[] reward, double[] kl) {

    /// How it learns.
    ///
    /// @param batch       answers of a step
    /// @param lr          the learning rate
    /// @param steps       how many
    /// @param temperature of the draws, while log-probabilities stay those of temperature 1; 1 draws from the
    ///     policy itself
    record Setting(int batch, double lr, int steps, double temperature) {
        Setting {
            require(
                    batch >= 1 && steps >= 4 && lr > 0 && temperature > 0,
                    "there must be an answer, 4 steps, a rate and a temperature above 0; got %d, %d, %s and %s",
                    batch,
                    steps,
                    lr,
                    temperature);
        }

        Setting withBatch(int batch) {
            return new Setting(batch, lr, steps, temperature);
        }

        Setting withSteps(int steps) {
            return new Setting(batch, lr, steps, temperature);
        }

        Setting withTemperature(double temperature) {
            return new Setting(batch, lr, steps, temperature);
        }
    }

    static SampledDescent run(EnumerableProblem problem, KlPlacement placement, Setting setting, Rng rng) {
        double[] reference = problem.referenceProbs();
        SampledDescent way = new SampledDescent(new double[setting.steps], new double[setting.steps]);
        Tensor logits = problem.reference().mul(1).detach().requireGrad();
        for (int step = 0; step < setting.steps; step++) {
            double[] table = logits.toArray();
            try (var scope = Scope.open()) {
                double[] chances = problem.outcomes()
                        .probs(logits.detach().div(setting.temperature))
                        .toArray();
                int[] drawn = new int[setting.batch];
                Rng own = rng.at(step);
                Arrays.setAll(drawn, i -> Categorical.draw(chances, own.uniform(i)));
                logits.zeroGrad();
                placement
                        .perAnswer(problem, logits, false)
                        .indexSelect(0, Indices.of(drawn))
                        .mean()
                        .backward();
                double[] gradient = logits.grad().toArray();
                double lr = Arrays.stream(gradient).allMatch(Double::isFinite) ? setting.lr : 0; // as the Trainer does
                for (int i = 0; lr > 0 && i < table.length; i++) {
                    table[i] -= lr * gradient[i];
                }
            }
            logits.set(table);
            try (var scope = Scope.open()) {
                double[] logProbs =
                        problem.outcomes().logProbs(logits.detach()).sum(-1).toArray();
                for (int n = 0; n < logProbs.length; n++) {
                    double p = Math.exp(logProbs[n]);
                    way.reward[step] += p * problem.rewards()[n];
                    way.kl[step] += p == 0 ? 0 : p * (logProbs[n] - Math.log(reference[n]));
                }
            }
        }
        return way;
    }

    /// The mean over the last quarter of the steps.
    static double end(double[] values) {
        int from = values.length - values.length / 4;
        return Arrays.stream(values, from, values.length).average().orElseThrow();
    }

    /// How much of the reward that a run had come to it lost again at the worst.
    double fall() {
        double highest = Double.NEGATIVE_INFINITY;
        double fall = 0;
        for (double each : reward) {
            highest = Math.max(highest, each);
            fall = Math.max(fall, highest - each);
        }
        return fall;
    }
}
