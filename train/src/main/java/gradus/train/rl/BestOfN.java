package gradus.train.rl;

import static gradus.error.ConfigException.require;

import gradus.error.NumericException;
import gradus.tensor.random.Rng;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// Draws n completions and keeps the one that a score likes best: more reward for n times the work, and no
/// training. Its divergence from the policy is at most `ln n - (n-1)/n` nats (Stiennon et al. 2020,
/// arXiv:2009.01325; that it is a bound: Beirami et al. 2024, arXiv:2401.01879).
///
/// @param best   the completion with the highest score; of equal ones the first
/// @param score  of that one
/// @param scores of all n
public record BestOfN(Completion best, double score, double[] scores) {

    /// The best completion for each prompt.
    ///
    /// @param n at least 1
    /// @throws gradus.error.ConfigException if n is below 1
    public static List<BestOfN> of(Rollouts rollouts, List<? extends Problem> problems, int n, Rng rng) {
        require(n >= 1, "best of n: n must be at least 1; got %d", n);
        List<int[]> prompts = problems.stream().map(Problem::prompt).toList();
        List<Completion> all = rollouts.groups(prompts, n, rng);
        List<BestOfN> best = new ArrayList<>();
        for (int i = 0; i < problems.size(); i++) {
            best.add(of(all.subList(i * n, (i + 1) * n), problems.get(i)::reward));
        }
        return best;
    }

    /// The best of some completions.
    ///
    /// @param completions at least one
    public static BestOfN of(List<Completion> completions, ToDoubleFunction<Completion> score) {
        return of(completions, completions.stream().mapToDouble(score).toArray());
    }

    /// The best of some completions whose scores are known.
    ///
    /// @param completions at least one
    /// @param scores      one for each, none of them NaN
    /// @throws gradus.error.ConfigException  if there is no completion, or not one score for each
    /// @throws gradus.error.NumericException if a score is NaN
    public static BestOfN of(List<Completion> completions, double[] scores) {
        require(!completions.isEmpty(), "best of n: at least one completion must be given");
        require(
                scores.length == completions.size(),
                "best of n: there must be a score for each of the %d completions; got %d",
                completions.size(),
                scores.length);
        if (Arrays.stream(scores).anyMatch(Double::isNaN)) {
            throw new NumericException("best of n: the score of a completion is NaN");
        }
        int best = 0;
        for (int i = 1; i < scores.length; i++) {
            best = scores[i] > scores[best] ? i : best;
        }
        return new BestOfN(completions.get(best), scores[best], scores);
    }

    /// `ln n - (n-1)/n`, the most nats by which the best of n departs from the policy.
    public static double mostDivergence(int n) {
        require(n >= 1, "best of n: n must be at least 1; got %d", n);
        return Math.log(n) - (n - 1.0) / n;
    }
}
