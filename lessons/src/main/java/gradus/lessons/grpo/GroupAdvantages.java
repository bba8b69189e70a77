package gradus.lessons.grpo;

/// How good an answer is within its group: the advantages of GRPO.
public final class GroupAdvantages {
    private GroupAdvantages() {}

    /// To each prompt, `group` answers were drawn: the first `group` rewards are those of the first prompt, the
    /// next those of the second. An answer is compared with its own group:
    ///
    /// `A = (R - mean)/(std + 1e-4)`, or `A = R - mean` if not `scaled` (Dr. GRPO)
    ///
    /// with the **unbiased** standard deviation, the root of the sum of squared distances over `group - 1`.
    /// Where all rewards of a group are equal, and in a group of one, the advantages are 0.
    ///
    /// **Shapes** rewards (N) → (N)
    public static double[] advantages(double[] rewards, int group, boolean scaled) {
        // --- your answer
        double[] advantages = new double[rewards.length];
        for (int from = 0; from < rewards.length; from += group) {
            double mean = 0;
            for (int i = from; i < from + group; i++) {
                mean += rewards[i] / group;
            }
            double squares = 0;
            for (int i = from; i < from + group; i++) {
                squares += (rewards[i] - mean) * (rewards[i] - mean);
            }
            double deviation = Math.sqrt(squares / Math.max(1, group - 1));
            for (int i = from; i < from + group; i++) {
                advantages[i] = (rewards[i] - mean) / (scaled ? deviation + 1e-4 : 1);
            }
        }
        return advantages;
        // ---
    }
}
