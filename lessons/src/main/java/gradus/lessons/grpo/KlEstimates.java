package gradus.lessons.grpo;

/// Three estimates of how far a policy has moved from its reference, of tokens that the policy drew.
public final class KlEstimates {
    private KlEstimates() {}

    /// The divergence `KL(π‖ref)` is the mean of `ln π - ln ref` over tokens drawn from π. For each token, with
    /// `x = ln ref - ln π`, the three estimates are
    ///
    /// ```
    /// k1 = -x
    /// k2 = x²/2
    /// k3 = eˣ - 1 - x
    /// ```
    /// **Shapes** logProbs (N), reference (N) → (3, N): k1, k2, k3
    ///
    /// @param logProbs  ln π of the tokens
    /// @param reference ln ref of the same tokens
    public static double[][] estimates(double[] logProbs, double[] reference) {
        // --- your answer
        double[][] k = new double[3][logProbs.length];
        for (int i = 0; i < logProbs.length; i++) {
            double x = reference[i] - logProbs[i];
            k[0][i] = -x;
            k[1][i] = x * x / 2;
            k[2][i] = Math.expm1(x) - x;
        }
        return k;
        // ---
    }
}
