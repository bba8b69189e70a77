package gradus.train.preference;

import static gradus.error.ConfigException.require;

import gradus.layers.model.LanguageModel;
import gradus.tensor.random.Rng;
import gradus.train.generate.Sampling;
import gradus.train.rl.Completion;
import gradus.train.rl.Environment;
import gradus.train.rl.Problem;
import gradus.train.rl.Rollouts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/// Pairs of a model's own answers: it answers each question several times, and the best answer is chosen over
/// the worst. A question whose answers all earned the same gives no pair. Pairs that the policy itself could
/// have written are those that direct preference optimisation learns most from: Tajwar et al. 2024,
/// arXiv:2404.14367.
///
/// @param numGenerations      answers drawn to each question, at least 2
/// @param maxCompletionLength the most tokens of an answer
/// @param temperature         of the draws, above 0
public record SampledPairs(int numGenerations, int maxCompletionLength, double temperature) {
    private static final int TOGETHER = 512; // answers of one pass

    /// @throws gradus.error.ConfigException if a number is out of range
    public SampledPairs {
        require(numGenerations >= 2, "sampled pairs: numGenerations must be at least 2; got %d", numGenerations);
        require(
                temperature > 0 && Double.isFinite(temperature),
                "sampled pairs: the temperature must be above 0; got %s",
                temperature);
    }

    /// Asks questions 0 to count - 1. Of equally good answers the first is taken.
    ///
    /// @param rng random numbers for the answers
    /// @throws gradus.error.ConfigException  if a question with an answer does not fit in the model's context
    /// @throws gradus.error.NumericException if a reward is NaN or infinite
    public PreferencePairs of(LanguageModel model, Environment environment, int count, Rng rng) {
        Rollouts rollouts = new Rollouts(
                model, Sampling.defaults().withTemperature(temperature), environment.end(), maxCompletionLength);
        PreferencePairs pairs = new PreferencePairs();
        int step = Math.max(1, TOGETHER / numGenerations);
        for (int from = 0; from < count; from += step) {
            List<? extends Problem> asked = LongStream.range(from, Math.min(count, from + step))
                    .mapToObj(environment::problem)
                    .toList();
            List<Completion> answers =
                    rollouts.groups(asked.stream().map(Problem::prompt).toList(), numGenerations, rng.at(from));
            List<Problem> each = new ArrayList<>();
            for (int i = 0; i < answers.size(); i++) {
                each.add(asked.get(i / numGenerations));
            }
            double[] rewards = environment.finiteRewards(each, answers);
            for (int first = 0; first < rewards.length; first += numGenerations) {
                int last = first + numGenerations;
                add(pairs, each.get(first), answers.subList(first, last), Arrays.copyOfRange(rewards, first, last));
            }
        }
        return pairs;
    }

    private static void add(PreferencePairs pairs, Problem problem, List<Completion> answers, double[] rewards) {
        int best = 0;
        int worst = 0;
        for (int i = 1; i < rewards.length; i++) {
            best = rewards[i] > rewards[best] ? i : best;
            worst = rewards[i] < rewards[worst] ? i : worst;
        }
        int[] chosen = answers.get(best).tokens();
        int[] rejected = answers.get(worst).tokens();
        if (rewards[best] > rewards[worst] && !Arrays.equals(chosen, rejected)) {
            pairs.add(problem.prompt(), chosen, rejected);
        }
    }
}
