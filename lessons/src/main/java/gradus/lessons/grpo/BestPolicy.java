package gradus.lessons.grpo;

/// Where a policy comes to rest that is paid a reward and pays for leaving its reference.
public final class BestPolicy {
    private BestPolicy() {}

    /// Of all policies over a few answers, the one with the largest `E_π[r] - β·KL(π‖ref)`:
    ///
    /// `π(y) = ref(y)·exp(r(y)/β) / Z`
    ///
    /// with the Z that makes the probabilities add up to 1. An answer that the reference never gives, `ref(y) =
    /// 0`, is never given. β is above 0 and may be very small: `r/β` may be in the thousands, where exp
    /// overflows or becomes 0, and the result must be right all the same.
    ///
    /// **Shapes** reference, rewards (N) → (N)
    ///
    /// @param reference the probabilities of the reference; at least one is above 0
    public static double[] policy(double[] reference, double[] rewards, double beta) {
        // --- your answer
        double[] scores = new double[rewards.length];
        double highest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < scores.length; i++) {
            scores[i] = Math.log(reference[i]) + rewards[i] / beta; // -∞ for an answer that is never given
            highest = Math.max(highest, scores[i]);
        }
        double[] policy = new double[scores.length];
        double sum = 0;
        for (int i = 0; i < scores.length; i++) {
            policy[i] = Math.exp(scores[i] - highest);
            sum += policy[i];
        }
        for (int i = 0; i < scores.length; i++) {
            policy[i] /= sum;
        }
        return policy;
        // ---
    }
}
