package gradus.train.preference;

import java.util.LinkedHashMap;
import java.util.SequencedMap;

/// Means over the answers of a step, under TRL's names. The reward of an answer is the one that the policy
/// implies, `β·(ln π - ln ref)`:
///
/// - `rewards/chosen`, `rewards/rejected`: of the desirable and of the undesirable answers;
/// - `rewards/margins`: the first less the second;
/// - `logps/chosen`, `logps/rejected`: ln π, summed over an answer's tokens;
/// - `kl`: the baseline of the loss, the mean of the batches.
///
/// What a step has no answer for is left out.
final class KtoMetrics implements AnswerMetrics {
    private final double[] rewards = new double[2]; // of the undesirable, of the desirable
    private final double[] logProbs = new double[2];
    private final long[] counts = new long[2];
    private double baselines;
    private long batches;

    /// Adds an answer.
    void add(boolean desirable, double logProb, double reward) {
        int kind = desirable ? 1 : 0;
        rewards[kind] += reward;
        logProbs[kind] += logProb;
        counts[kind]++;
    }

    /// Adds a batch's baseline.
    void add(double baseline) {
        baselines += baseline;
        batches++;
    }

    @Override
    public SequencedMap<String, Double> means() {
        SequencedMap<String, Double> means = new LinkedHashMap<>();
        put(means, "rewards/chosen", rewards, 1);
        put(means, "rewards/rejected", rewards, 0);
        if (counts[0] > 0 && counts[1] > 0) {
            means.put("rewards/margins", means.get("rewards/chosen") - means.get("rewards/rejected"));
        }
        put(means, "logps/chosen", logProbs, 1);
        put(means, "logps/rejected", logProbs, 0);
        if (batches > 0) {
            means.put("kl", baselines / batches);
        }
        return means;
    }

    private void put(SequencedMap<String, Double> means, String name, double[] sums, int kind) {
        if (counts[kind] > 0) {
            means.put(name, sums[kind] / counts[kind]);
        }
    }
}
