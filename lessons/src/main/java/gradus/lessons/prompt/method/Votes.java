package gradus.lessons.prompt.method;

import static gradus.error.ConfigException.require;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// Votes for answers.
///
/// @param votes in the order in which they were given
public record Votes(List<Vote> votes) {
    /// A vote.
    ///
    /// @param weight 1 where all count the same
    public record Vote(String answer, double weight) {
        /// @throws gradus.error.ConfigException unless the weight is a number of at least 0
        public Vote {
            require(
                    weight >= 0 && Double.isFinite(weight),
                    "the weight of a vote must be a number of at least 0; got %s",
                    weight);
        }
    }

    public Votes {
        votes = List.copyOf(votes);
    }

    /// What each answer has, in the order in which they came first. Weights are added from the smallest up, so
    /// that the order of votes changes no sum.
    public SequencedMap<String, Double> totals() {
        SequencedMap<String, double[]> weights = new LinkedHashMap<>();
        for (Vote vote : votes) {
            double[] before = weights.getOrDefault(vote.answer, new double[0]);
            double[] longer = Arrays.copyOf(before, before.length + 1);
            longer[before.length] = vote.weight;
            weights.put(vote.answer, longer);
        }
        SequencedMap<String, Double> totals = new LinkedHashMap<>();
        weights.forEach((answer, each) ->
                totals.put(answer, Arrays.stream(each).sorted().reduce(0, Double::sum)));
        return totals;
    }

    /// The answer with the most; of equal ones that which came first; empty without votes.
    public Optional<String> winner() {
        Map.Entry<String, Double> best = null;
        for (Map.Entry<String, Double> each : totals().entrySet()) {
            best = best == null || each.getValue() > best.getValue() ? each : best;
        }
        return Optional.ofNullable(best).map(Map.Entry::getKey);
    }
}
