package gradus.lessons.votes;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Votes that weigh the more, the surer the model is.
public final class WeightedVotes {
    private WeightedVotes() {}

    /// What each answer's chains weigh **together**. A chain of K tokens weighs
    ///
    /// `exp((ln p₁ + … + ln p_K) / K)`
    ///
    /// the geometric mean of its tokens' probabilities. Their product would be tiny for a long chain: the mean
    /// makes chains of different lengths comparable. Chains without an answer are empty here, and weigh
    /// nothing.
    ///
    /// @param answers          of N chains
    /// @param logProbabilities (N, K of each chain) the natural logarithms ln pₖ; K ≥ 1
    /// @return the sum of the weights for each answer that a chain has
    public static Map<String, Double> totals(List<Optional<String>> answers, double[][] logProbabilities) {
        // --- your answer
        Map<String, Double> totals = new TreeMap<>();
        for (int i = 0; i < answers.size(); i++) {
            double sum = 0;
            for (double log : logProbabilities[i]) {
                sum += log;
            }
            double weight = Math.exp(sum / logProbabilities[i].length);
            answers.get(i).ifPresent(answer -> totals.merge(answer, weight, Double::sum));
        }
        return totals;
        // ---
    }
}
