package gradus.lessons.policygradients;

/// Generalised advantage estimation: how much better a step turned out than a critic had expected.
public final class GaeEstimate {
    private GaeEstimate() {}

    /// T steps were taken one after the other, through one or more episodes. Step t was paid `rewards[t]`, and
    /// before it the critic expected `values[t]` in all. If `done[t]`, the episode ended with step t: nothing
    /// of it follows, and step t + 1 begins another. The steps may break off in the middle of an episode;
    /// `last` is what the critic expects behind the last step then.
    ///
    /// ```
    /// δ_t = r_t + γ·V_{t+1} - V_t
    /// A_t = δ_t + γ·λ·A_{t+1}
    /// R_t = A_t + V_t
    /// ```
    /// where `V_{t+1}` is `last` behind the last step, and both `V_{t+1}` and `A_{t+1}` are **0 if `done[t]`**.
    /// Behind the last step A is 0.
    ///
    /// **Shapes** rewards, values, done (T) → (2, T): the advantages A, then the returns R
    public static double[][] estimate(
            double[] rewards, double[] values, boolean[] done, double last, double gamma, double lambda) {
        // --- your answer
        int steps = rewards.length;
        double[] advantages = new double[steps];
        double[] returns = new double[steps];
        double next = 0; // A_{t+1}
        for (int t = steps - 1; t >= 0; t--) {
            double goesOn = done[t] ? 0 : 1;
            double after = t == steps - 1 ? last : values[t + 1]; // V_{t+1}
            double delta = rewards[t] + gamma * goesOn * after - values[t];
            next = delta + gamma * lambda * goesOn * next;
            advantages[t] = next;
            returns[t] = advantages[t] + values[t];
        }
        return new double[][] {advantages, returns};
        // ---
    }
}
