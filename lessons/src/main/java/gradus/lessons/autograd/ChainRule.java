package gradus.lessons.autograd;

/// The gradient of one neuron, by hand.
public final class ChainRule {
    private ChainRule() {}

    /// The gradient of the loss of one neuron. The neuron computes, from n inputs x, n weights w and a bias b,
    ///
    /// `z = Σᵢ wᵢ·xᵢ + b`, `a = tanh(z)`, and its loss is `L = (a − target)²`.
    ///
    /// Recall `d tanh(z)/dz = 1 − tanh(z)²`.
    ///
    /// @return 2n + 1 numbers: the n derivatives `∂L/∂wᵢ`, then the n derivatives `∂L/∂xᵢ`, then `∂L/∂b`
    public static double[] gradient(double[] w, double[] x, double b, double target) {
        // --- your answer
        int n = w.length;
        double z = b;
        for (int i = 0; i < n; i++) {
            z += w[i] * x[i];
        }
        double a = Math.tanh(z);
        double dz = 2 * (a - target) * (1 - a * a); // ∂L/∂a · ∂a/∂z
        double[] gradient = new double[2 * n + 1];
        for (int i = 0; i < n; i++) {
            gradient[i] = dz * x[i];
            gradient[n + i] = dz * w[i];
        }
        gradient[2 * n] = dz;
        return gradient;
        // ---
    }
}
