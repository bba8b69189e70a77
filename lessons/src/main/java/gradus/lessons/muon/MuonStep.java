package gradus.lessons.muon;

import gradus.tensor.Tensor;
import java.util.function.UnaryOperator;

/// Muon's step of one matrix.
public final class MuonStep {
    private static final double MOMENTUM = 0.9; // μ
    private static final double DECAY = 0.1; // λ

    private final UnaryOperator<Tensor> orthogonal;
    private Tensor mean; // m, of the weights' shape, zeros before the first step

    public MuonStep(Tensor weights, UnaryOperator<Tensor> orthogonal) {
        this.orthogonal = orthogonal;
        this.mean = Tensor.zerosLike(weights);
    }

    /// One step of a matrix of r rows and c columns:
    /// ```
    /// m ← μ·m + (1 - μ)·g
    /// u = μ·m + (1 - μ)·g                               Nesterov's form, with the m of this step
    /// θ ← θ·(1 - lr·λ) - lr·√max(1, r/c)·orthogonal(u)
    /// ```
    /// with μ = MOMENTUM and λ = DECAY. The quotient r/c is a fraction: 3 rows of 2 columns make 1.5. The
    /// mean m is kept for the next call; the tensors given stay as they are. Call `orthogonal.apply` once;
    /// the probes put simpler functions in its place.
    ///
    /// **Shapes** weights (r, c), gradient (r, c) → (r, c)
    ///
    /// @return the new weights
    public Tensor step(Tensor weights, Tensor gradient, double rate) {
        // --- your answer
        Tensor part = gradient.mul(1 - MOMENTUM);
        mean = mean.mul(MOMENTUM).add(part);
        Tensor direction = orthogonal.apply(mean.mul(MOMENTUM).add(part)); // (r, c)
        double scale = Math.sqrt(Math.max(1.0, (double) weights.dim(0) / weights.dim(1)));
        return weights.mul(1 - rate * DECAY).sub(direction.mul(rate * scale));
        // ---
    }
}
