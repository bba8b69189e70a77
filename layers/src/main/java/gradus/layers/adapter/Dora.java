package gradus.layers.adapter;

import gradus.layers.Dropout;
import gradus.layers.Linear;
import gradus.tensor.Tensor;

/// Weight-decomposed low-rank adaptation of a Linear: direction and length of each row of the matrix are trained
/// apart, the direction by a [Lora], the lengths as numbers m of their own:
///
/// `y = m/‖W + s·B·A‖ ∘ (W + s·B·A)·x + b`
///
/// Liu et al. 2024, "DoRA: weight-decomposed low-rank adaptation", arXiv:2402.09353. The norm is that of each
/// row (one number for each output), m starts with ‖W‖, and the norm counts as a constant in the backward
/// pass (section 4.3 there), so the gradients are not those of the whole formula. In training with dropout,
/// the scaled base sees the dropped x too, as in peft.
///
/// The product B·A is computed in every forward pass, which costs `2·r·in·out` operations. A quantised W is
/// decoded for it once more, a strip of rows at a time.
public final class Dora extends Part {
    private final Tensor a; // (r, in)
    private final Tensor b; // (out, r)
    private final Tensor magnitude; // (out)
    private final double scale;
    private final Dropout dropout;

    /// @param lengths (out), the first m
    Dora(LowRank start, Tensor lengths, double scale, double dropout) {
        this.a = param("lora_A.weight", start.a());
        this.b = param("lora_B.weight", start.b());
        this.scale = scale;
        this.magnitude = param("lora_magnitude_vector", lengths.detach());
        this.dropout = child("lora_dropout", new Dropout(dropout));
    }

    @Override
    Tensor added(Linear base, Tensor x, Tensor y) {
        Tensor factor = magnitude.div(new BaseWeight(base).lengths(a, b, scale)); // (out)
        Tensor dropped = dropout.forward(x); // (..., in)
        Tensor whole =
                dropped == x ? base.bias() == null ? y : y.sub(base.bias()) : base.product(dropped); // (..., out), W·x
        Tensor low = dropped.linear(a, null).linear(b, null).mul(scale); // (..., out)
        return whole.mul(factor.sub(1)).add(low.mul(factor)); // (..., out)
    }

    @Override
    public Tensor deltaWeight(Tensor weight) {
        Tensor changed = weight.add(b.matmul(a).mul(scale)); // (out, in)
        Tensor factor = magnitude.div(BaseWeight.lengths(weight, a, b, scale)).reshape(weight.dim(0), 1); // (out, 1)
        return changed.mul(factor).sub(weight); // (out, in)
    }

    /// (r, in)
    public Tensor a() {
        return a;
    }

    /// (out, r)
    public Tensor b() {
        return b;
    }

    /// m, (out)
    public Tensor magnitude() {
        return magnitude;
    }

    /// s
    public double scale() {
        return scale;
    }
}
