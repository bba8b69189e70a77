package gradus.layers;

import static gradus.error.ConfigException.require;

import gradus.tensor.Rng;
import gradus.tensor.Tensor;

/// An affine map of the last axis: `y = x·Wᵀ + b`. The weight is stored (out, in), as in PyTorch.
///
/// W and b start uniform in ±1/√in, so that y varies no more than x does at any width (LeCun et al. 1998,
/// "Efficient backprop", in PyTorch's constants). Costs `2·in·out` operations a row.
public final class Linear extends Layer implements Transform {
    private final Tensor weight; // (out, in)
    private final Tensor bias; // (out), or null
    private Adapter adapter; // or null

    /// @param in  the size of the last axis that comes in
    /// @param out the size of the last axis that goes out
    /// @param rng where the first weights come from; give each layer its own, as in `rng.at("fc1")`
    /// @throws gradus.error.ConfigException if a size is below 1
    public Linear(int in, int out, Rng rng) {
        this(in, out, true, rng);
    }

    /// @param bias whether b is added
    public Linear(int in, int out, boolean bias, Rng rng) {
        require(in >= 1, "Linear: in must be at least 1; got %d", in);
        require(out >= 1, "Linear: out must be at least 1; got %d", out);
        double bound = 1 / Math.sqrt(in);
        this.weight = param("weight", WeightKind.MATRIX, uniform(bound, rng.at("weight"), out, in));
        this.bias = bias ? param("bias", WeightKind.BIAS, uniform(bound, rng.at("bias"), out)) : null;
    }

    private static Tensor uniform(double bound, Rng rng, int... dims) {
        return Tensor.lazy(() -> Tensor.rand(rng, dims).mul(2 * bound).sub(bound), dims);
    }

    /// Says that the weight is no [WeightKind#MATRIX] but something else, for a model that starts it by that.
    ///
    /// @return this
    public Linear as(WeightKind kind) {
        kind("weight", kind);
        return this;
    }

    /// **Shapes** x (..., in) → (..., out)
    @Override
    public Tensor forward(Tensor x) {
        return hooked(adapter == null ? base(x) : adapter.forward(this, x)); // (..., out)
    }

    /// `x·Wᵀ + b`, whatever adapter there is.
    ///
    /// **Shapes** x (..., in) → (..., out)
    public Tensor base(Tensor x) {
        return x.linear(weight, bias); // (..., out)
    }

    /// Puts an adapter before this layer's own result, in place of an earlier one.
    ///
    /// @param adapter or null for none
    public void adapt(Adapter adapter) {
        this.adapter = adapt(this.adapter, adapter);
    }

    /// The adapter, or null.
    public Adapter adapter() {
        return adapter;
    }

    /// How many numbers come in.
    public int in() {
        return weight.dim(1);
    }

    /// How many numbers go out.
    public int out() {
        return weight.dim(0);
    }

    public Tensor weight() {
        return weight;
    }

    /// The bias, or null.
    public Tensor bias() {
        return bias;
    }
}
