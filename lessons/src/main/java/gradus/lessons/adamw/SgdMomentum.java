package gradus.lessons.adamw;

import gradus.train.optimizer.SgdConfig;

/// Stochastic gradient descent with momentum, in PyTorch's form.
public final class SgdMomentum {
    private final SgdConfig config;
    private final double[] velocity; // b, one for each weight, 0 before the first step

    public SgdMomentum(int size, SgdConfig config) {
        this.config = config;
        this.velocity = new double[size];
    }

    /// One step, of all weights:
    /// ```
    /// g ← g + λ·θ                  λ = config.weightDecay()
    /// b ← μ·b + g                  μ = config.momentum()
    /// θ ← θ - lr·b                 or, if config.nesterov(),
    /// θ ← θ - lr·(g + μ·b)         with the b of this step
    /// ```
    /// The velocity b is kept for the next call. `weights` and `gradients` stay as they are.
    ///
    /// @param rate lr, which may be another one at every step
    /// @return the new weights, in a new array
    public double[] step(double[] weights, double[] gradients, double rate) {
        // --- your answer
        double[] next = new double[weights.length];
        for (int i = 0; i < next.length; i++) {
            double g = gradients[i] + config.weightDecay() * weights[i];
            velocity[i] = config.momentum() * velocity[i] + g;
            double move = config.nesterov() ? g + config.momentum() * velocity[i] : velocity[i];
            next[i] = weights[i] - rate * move;
        }
        return next;
        // ---
    }
}
