package gradus.tensor;

import gradus.tensor.mask.KeyMask;
import gradus.tensor.op.Attention;
import gradus.tensor.op.CrossEntropy;
import gradus.tensor.op.Dropout;
import gradus.tensor.op.LayerNorm;
import gradus.tensor.op.LogSoftmax;
import gradus.tensor.op.RmsNorm;
import gradus.tensor.op.Softmax;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import java.util.function.UnaryOperator;

/// The operations of neural networks that would be slow as a chain of simple operations. Each is computed in
/// one step, and its gradient is derived by hand.
public sealed interface NeuralOps permits Tensor {
    /// `exp(x)/Σ exp(x)` along the last axis.
    default Tensor softmax() {
        return Softmax.apply(self());
    }

    /// `x - ln Σ exp(x)` along the last axis.
    default Tensor logSoftmax() {
        return LogSoftmax.apply(self());
    }

    /// The softmax along an axis.
    default Tensor softmax(int axis) {
        return alongLast(axis, Softmax::apply);
    }

    /// The log-softmax along an axis.
    default Tensor logSoftmax(int axis) {
        return alongLast(axis, LogSoftmax::apply);
    }

    private Tensor alongLast(int axis, UnaryOperator<Tensor> f) {
        int last = self().rank() - 1;
        int at = self().shape().axis(axis);
        return at == last
                ? f.apply(self())
                : f.apply(self().transpose(at, last)).transpose(at, last);
    }

    /// See [LayerNorm].
    ///
    /// **Shapes** this (..., C), gain (C), bias (C) → (..., C)
    default Tensor layerNorm(Tensor gain, Tensor bias, double eps) {
        return LayerNorm.apply(self(), gain, bias, eps);
    }

    /// See [RmsNorm].
    ///
    /// **Shapes** this (..., C), gain (C) → (..., C)
    default Tensor rmsNorm(Tensor gain, double eps) {
        return RmsNorm.apply(self(), gain, eps);
    }

    /// Scaled dot-product attention, where this tensor holds the queries; see [Attention].
    ///
    /// **Shapes** this (B, T, H·D), keys and values (B, S, H·D) → (B, T, H·D)
    default Tensor attention(Tensor keys, Tensor values, int heads, KeyMask mask) {
        return Attention.apply(self(), keys, values, heads, mask);
    }

    /// Scaled dot-product attention within this one tensor, which holds queries, keys and values side by side.
    ///
    /// **Shapes** this (B, T, 3·H·D) → (B, T, H·D)
    default Tensor selfAttention(int heads, KeyMask mask) {
        return Attention.packed(self(), heads, mask);
    }

    /// The mean of `-log softmax(this)[target]`; see [CrossEntropy].
    ///
    /// **Shapes** this (..., V), targets (...) → ()
    default Tensor crossEntropy(Indices targets) {
        return CrossEntropy.mean(self(), targets, CrossEntropy.IGNORE_INDEX, 0);
    }

    /// The cross-entropy with label smoothing, averaged over the rows whose target is not `ignoreIndex`.
    default Tensor crossEntropy(Indices targets, int ignoreIndex, double labelSmoothing) {
        return CrossEntropy.mean(self(), targets, ignoreIndex, labelSmoothing);
    }

    /// Sets each element to 0 with probability p, and divides the others by 1 - p.
    default Tensor dropout(double p, Rng rng) {
        return Dropout.apply(self(), p, rng);
    }

    private Tensor self() {
        return (Tensor) this;
    }
}
