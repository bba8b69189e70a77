package gradus.train.preference;

import java.util.LinkedHashMap;
import java.util.SequencedMap;

/// Means over the pairs of a step, under TRL's names. The reward of an answer is the one that the policy
/// implies, `β·(ln π - ln ref)`:
///
/// - `rewards/chosen`, `rewards/rejected`: of the better and the worse answers;
/// - `rewards/margins`: the first less the second;
/// - `rewards/accuracies`: the share of pairs whose better answer has the higher reward;
/// - `logps/chosen`, `logps/rejected`: ln π, summed over an answer's tokens. The first may fall while margins grow;
/// - `nll_loss`: the negative log-likelihood of the better answers, where it is part of the loss.
final class PreferenceMetrics implements AnswerMetrics {
    private final double[] sums = new double[6];
    private long count;
    private double nll;
    private long nllCount;

    /// @param logProbs  ln π of N better and N worse answers
    /// @param reference ln ref of them
    void add(double[] logProbs, double[] reference, double beta) {
        int n = logProbs.length / 2;
        for (int i = 0; i < n; i++) {
            double chosen = beta * (logProbs[i] - reference[i]);
            double rejected = beta * (logProbs[n + i] - reference[n + i]);
            sums[0] += chosen;
            sums[1] += rejected;
            sums[2] += chosen - rejected;
            sums[3] += chosen > rejected ? 1 : 0;
            sums[4] += logProbs[i];
            sums[5] += logProbs[n + i];
        }
        count += n;
    }

    /// Adds the negative log-likelihood of the better answers of a batch.
    void add(double batchNll, int pairs) {
        nll += batchNll * pairs;
        nllCount += pairs;
    }

    @Override
    public SequencedMap<String, Double> means() {
        String[] names = {
            "rewards/chosen",
            "rewards/rejected",
            "rewards/margins",
            "rewards/accuracies",
            "logps/chosen",
            "logps/rejected"
        };
        SequencedMap<String, Double> means = new LinkedHashMap<>();
        for (int i = 0; i < names.length && count > 0; i++) {
            means.put(names[i], sums[i] / count);
        }
        if (nllCount > 0) {
            means.put("nll_loss", nll / nllCount);
        }
        return means;
    }
}
