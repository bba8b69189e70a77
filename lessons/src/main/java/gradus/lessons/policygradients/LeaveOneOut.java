package gradus.lessons.policygradients;

/// What an answer is compared with: the other answers to the same prompt.
public final class LeaveOneOut {
    private LeaveOneOut() {}

    /// To each prompt, `group` answers were drawn and each was paid a reward. The first `group` rewards belong
    /// to the first prompt, the next to the second, and so on. The **advantage** of an answer is its reward
    /// less the mean reward of the **other** answers to its prompt (RLOO, leave one out):
    ///
    /// `A_k = R_k - 1/(K-1)·Σ_{j≠k} R_j`
    ///
    /// with K = `group`, at least 2.
    ///
    /// **Shapes** rewards (N) → (N)
    public static double[] advantages(double[] rewards, int group) {
        // --- your answer
        double[] advantages = new double[rewards.length];
        for (int i = 0; i < rewards.length; i++) {
            int from = i - i % group;
            double others = -rewards[i];
            for (int j = from; j < from + group; j++) {
                others += rewards[j];
            }
            advantages[i] = rewards[i] - others / (group - 1);
        }
        return advantages;
        // ---
    }
}
