package gradus.train.preference;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/// Of the pairs of a step, under TRL's names:
///
/// - `accuracy`: the share of pairs whose better answer has the higher score;
/// - `margin`: the mean of the better answer's score less the worse one's;
/// - `min_reward`, `mean_reward`, `max_reward`: of all scores.
final class RewardMetrics {
    private double right;
    private double margins;
    private double sum;
    private double min = Double.POSITIVE_INFINITY;
    private double max = Double.NEGATIVE_INFINITY;
    private long count;

    /// @param scores of N better and N worse answers
    void add(double[] scores) {
        int n = scores.length / 2;
        for (int i = 0; i < n; i++) {
            right += scores[i] > scores[n + i] ? 1 : 0;
            margins += scores[i] - scores[n + i];
        }
        sum += Arrays.stream(scores).sum();
        min = Math.min(min, Arrays.stream(scores).min().orElseThrow());
        max = Math.max(max, Arrays.stream(scores).max().orElseThrow());
        count += n;
    }

    /// Empty before a step is computed.
    SequencedMap<String, Double> all() {
        SequencedMap<String, Double> all = new LinkedHashMap<>();
        if (count > 0) {
            all.put("accuracy", right / count);
            all.put("margin", margins / count);
            all.put("min_reward", min);
            all.put("mean_reward", sum / (2 * count));
            all.put("max_reward", max);
        }
        return all;
    }
}
