package gradus.lessons.adamw;

import gradus.train.optimizer.AdamConfig;

/// AdamW: a step of its own size for every weight, and decay beside it.
public final class DecoupledAdam {
    private final AdamConfig config;
    private final double[] m; // the mean of gradients, 0 before the first step
    private final double[] v; // the mean of squared gradients, 0 before the first step
    private int steps; // taken so far

    public DecoupledAdam(int size, AdamConfig config) {
        this.config = config;
        this.m = new double[size];
        this.v = new double[size];
    }

    /// One step, of all weights; t is 1 at the first step:
    /// ```
    /// m ← β₁·m + (1 - β₁)·g        m̂ = m/(1 - β₁ᵗ)
    /// v ← β₂·v + (1 - β₂)·g²       v̂ = v/(1 - β₂ᵗ)
    /// θ ← θ·(1 - lr·λ) - lr·m̂/(√v̂ + ε)
    /// ```
    /// with β₁, β₂, ε and λ from `config`: beta1(), beta2(), eps(), weightDecay(). The means m and v, without the
    /// correction, and t are kept for the next call. `weights` and `gradients` stay as they are.
    ///
    /// @param rate lr, which may be another one at every step
    /// @return the new weights, in a new array
    public double[] step(double[] weights, double[] gradients, double rate) {
        // --- your answer
        steps++;
        double[] next = new double[weights.length];
        for (int i = 0; i < next.length; i++) {
            m[i] = config.beta1() * m[i] + (1 - config.beta1()) * gradients[i];
            v[i] = config.beta2() * v[i] + (1 - config.beta2()) * gradients[i] * gradients[i];
            double mean = m[i] / (1 - Math.pow(config.beta1(), steps));
            double square = v[i] / (1 - Math.pow(config.beta2(), steps));
            double decayed = weights[i] * (1 - rate * config.weightDecay());
            next[i] = decayed - rate * mean / (Math.sqrt(square) + config.eps());
        }
        return next;
        // ---
    }
}
