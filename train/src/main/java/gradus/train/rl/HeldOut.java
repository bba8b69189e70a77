package gradus.train.rl;

import gradus.layers.model.LanguageModel;
import gradus.tensor.random.Rng;
import gradus.train.generate.Sampling;
import java.util.ArrayList;
import java.util.List;

/// Measures a policy on problems that it was not trained on.
public final class HeldOut {
    private static final int TOGETHER = 512; // completions of one pass

    private final LanguageModel model;
    private final Environment environment;
    private final int maxCompletionLength;

    public HeldOut(LanguageModel model, Environment environment, int maxCompletionLength) {
        this.model = model;
        this.environment = environment;
        this.maxCompletionLength = maxCompletionLength;
    }

    /// The mean reward of greedy completions.
    ///
    /// @param count the first so many problems; all, if there are not more
    public double greedyReward(int count) {
        double[] rewards = rewards(Sampling.greedy(), 1, count, Rng.of(0));
        double sum = 0;
        for (double each : rewards) {
            sum += each;
        }
        return sum / rewards.length;
    }

    /// The mean of [PassAtK] over the problems, each from n draws; a completion passes if it earns the
    /// threshold.
    ///
    /// @param n         draws for each problem, at least k
    /// @param threshold the least reward that passes
    public double passAtK(int k, int n, double temperature, double threshold, Rng rng) {
        double[] rewards = rewards(Sampling.defaults().withTemperature(temperature), n, Integer.MAX_VALUE, rng);
        double sum = 0;
        int problems = rewards.length / n;
        for (int i = 0; i < problems; i++) {
            int right = 0;
            for (int j = 0; j < n; j++) {
                right += rewards[i * n + j] >= threshold ? 1 : 0;
            }
            sum += PassAtK.of(n, right, k);
        }
        return sum / problems;
    }

    private double[] rewards(Sampling sampling, int n, int count, Rng rng) {
        List<? extends Problem> problems = environment.heldOut();
        problems = problems.subList(0, Math.min(count, problems.size()));
        Rollouts rollouts = new Rollouts(model, sampling, environment.end(), maxCompletionLength);
        double[] rewards = new double[problems.size() * n];
        int step = Math.max(1, TOGETHER / n);
        for (int from = 0; from < problems.size(); from += step) {
            List<? extends Problem> some = problems.subList(from, Math.min(problems.size(), from + step));
            List<Completion> completions =
                    rollouts.groups(some.stream().map(Problem::prompt).toList(), n, rng.at(from));
            List<Problem> asked = new ArrayList<>();
            for (int i = 0; i < completions.size(); i++) {
                asked.add(some.get(i / n));
            }
            double[] paid = environment.finiteRewards(asked, completions);
            System.arraycopy(paid, 0, rewards, from * n, paid.length);
        }
        return rewards;
    }
}
