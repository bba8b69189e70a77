package gradus.layers.norm;

import static gradus.error.ConfigException.require;

import gradus.error.ShapeException;
import gradus.tensor.Autograd;
import gradus.tensor.Tensor;

/// Batch normalisation: `y = (x - μ)/√(σ² + ε) · g + b`, for each channel separately. In training, μ and the
/// biased variance σ² are computed over the n positions of the batch: over every axis but the last. In
/// evaluation they are running means from training, `r ← (1 - m)·r + m·s`, where s is μ or the unbiased
/// variance `σ²·n/(n - 1)`. Ioffe & Szegedy 2015, arXiv:1502.03167, with PyTorch's constants: ε = 1e-5, m =
/// 0.1 (Keras calls 1 - m the momentum).
///
/// The result at one position depends on all other positions of the batch, padding and later tokens included,
/// so a causal model must not use this norm. The running means change only in passes that count
/// ([Autograd#counts]): not while recording is paused, and not in a gradient check. Written in plain tensor
/// operations, about ten passes over x, so that it is easy to read.
public final class BatchNorm extends Norm {
    private final double eps;
    private final double momentum; // m; NaN for 1/(batches so far)
    private final Tensor gain; // (C)
    private final Tensor bias; // (C)
    private final Tensor runningMean; // (C)
    private final Tensor runningVariance; // (C)
    private final Tensor batches; // ()

    /// @param dim      C, the number of channels
    /// @param eps      ε, above 0
    /// @param momentum m, how much of a running mean each batch replaces, in (0, 1]
    /// @throws gradus.error.ConfigException if one is out of range
    public BatchNorm(int dim, double eps, double momentum) {
        this(dim, eps, momentum, momentum > 0 && momentum <= 1);
    }

    private BatchNorm(int dim, double eps, double momentum, boolean momentumFits) {
        require(dim >= 1, "BatchNorm: dim must be at least 1; got %d", dim);
        require(eps > 0 && Double.isFinite(eps), "BatchNorm: eps must be above 0; got %s", eps);
        require(momentumFits, "BatchNorm: momentum must be in (0, 1]; got %s", momentum);
        this.eps = eps;
        this.momentum = momentum;
        this.gain = param("weight", Tensor.lazy(() -> Tensor.ones(dim), dim));
        this.bias = param("bias", Tensor.lazy(() -> Tensor.zeros(dim), dim));
        this.runningMean = buffer("running_mean", Tensor.lazy(() -> Tensor.zeros(dim), dim));
        this.runningVariance = buffer("running_var", Tensor.lazy(() -> Tensor.ones(dim), dim));
        this.batches = buffer("num_batches_tracked", Tensor.scalar(0));
    }

    /// A batch norm whose running means give every batch the same weight: `m = 1/(batches so far)`.
    ///
    /// @throws gradus.error.ConfigException if one is out of range
    public static BatchNorm cumulative(int dim, double eps) {
        return new BatchNorm(dim, eps, Double.NaN, true);
    }

    /// **Shapes** x (B, C) or (B, T, C) → the same
    ///
    /// @throws ShapeException in training, if each channel has only one value, whose variance is undefined
    @Override
    public Tensor forward(Tensor x) {
        int dim = gain.size();
        ShapeException.require(
                (x.rank() == 2 || x.rank() == 3) && x.dim(-1) == dim,
                "BatchNorm: x must be (B, %d) or (B, T, %d); got %s",
                dim,
                dim,
                x.shape());
        Tensor rows = x.reshape(-1, dim); // (n, C)
        Tensor y = training() ? byBatch(rows) : normalize(rows.sub(runningMean), runningVariance);
        return hooked(y.reshape(x.shape().dims())); // x's shape
    }

    private Tensor byBatch(Tensor rows) {
        int n = rows.dim(0);
        ShapeException.require(
                n > 1,
                "BatchNorm: in training the variance needs at least 2 values of each channel; got %d; use a larger"
                        + " batch or eval()",
                n);
        Tensor mean = rows.mean(0); // (C)
        Tensor centred = rows.sub(mean);
        Tensor variance = centred.square().mean(0); // (C)
        if (Autograd.counts()) {
            remember(mean, variance.mul(n / (n - 1.0)));
        }
        return normalize(centred, variance);
    }

    private Tensor normalize(Tensor centred, Tensor variance) {
        return centred.div(variance.add(eps).sqrt()).mul(gain).add(bias);
    }

    private void remember(Tensor mean, Tensor variance) {
        try (var pause = Autograd.noGrad()) {
            batches.copyFrom(batches.add(1));
            double m = Double.isNaN(momentum) ? 1 / batches.item() : momentum;
            runningMean.copyFrom(runningMean.mul(1 - m).add(mean.mul(m)));
            runningVariance.copyFrom(runningVariance.mul(1 - m).add(variance.mul(m)));
        }
    }
}
