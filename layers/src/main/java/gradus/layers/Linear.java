package gradus.layers;

import static gradus.error.ConfigException.require;

import gradus.tensor.Tensor;
import gradus.tensor.op.product.LowRankLinear;
import gradus.tensor.op.product.LowRankUpdate;
import gradus.tensor.op.product.QuantizedLinear;
import gradus.tensor.quant.QuantizedMatrix;
import gradus.tensor.random.Rng;
import java.util.List;
import java.util.function.UnaryOperator;

/// A linear layer on the last axis: `y = x·Wᵀ + b`. The weight is stored (out, in), as in PyTorch.
///
/// W and b are drawn uniformly from -1/√in to 1/√in, so that results are about as large as inputs, however
/// wide the layer is (LeCun et al. 1998, "Efficient backprop", with PyTorch's constants). Costs `2·in·out`
/// operations per row. A model may initialise W and b differently, see [WeightKind].
///
/// W may be quantised: it is then frozen, takes a few bits an element, and is no parameter any more.
/// Gradients still flow through the layer to what it was given, so an adapter on it can be trained: QLoRA is
/// LoRA on such a layer.
public final class Linear extends Layer implements Transform {
    private Tensor weight; // (out, in), or null while it is quantised
    private QuantizedMatrix quantized; // (out, in), or null
    private final Tensor bias; // (out), or null
    private Adapter adapter; // or null
    private final Hooks inputHooks = new Hooks();

    /// @param in  size of the input's last axis
    /// @param out size of the result's last axis
    /// @param rng random numbers for the initial weights; give each layer its own, as in `rng.at("fc1")`
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

    /// Says which kind of weight W is, where it is not a [WeightKind#MATRIX]; a model initialises it
    /// accordingly.
    ///
    /// @return this
    public Linear as(WeightKind kind) {
        kind("weight", kind);
        return this;
    }

    /// **Shapes** x (..., in) → (..., out)
    @Override
    public Tensor forward(Tensor x) {
        Tensor in = inputHooks.apply(x); // (..., in)
        return hooked(adapter == null ? base(in) : adapter.forward(this, in)); // (..., out)
    }

    /// The same as [#hook] for what the layer is given: from now on, calls a function with it, and uses what
    /// the function returns instead.
    public Hook hookInput(UnaryOperator<Tensor> function) {
        return inputHooks.add(function);
    }

    /// `x·Wᵀ + b`, without the adapter.
    ///
    /// **Shapes** x (..., in) → (..., out)
    public Tensor base(Tensor x) {
        return quantized == null ? x.linear(weight, bias) : base(x, List.of()); // (..., out)
    }

    /// `x·(W + Σ s·B·A)ᵀ + b`, without the adapter, in one product.
    ///
    /// **Shapes** x (..., in) → (..., out)
    public Tensor base(Tensor x, List<LowRankUpdate> updates) {
        return quantized == null
                ? LowRankLinear.apply(x, weight, bias, updates)
                : QuantizedLinear.apply(x, quantized, bias, updates); // (..., out)
    }

    /// `x·Wᵀ`, without adapter and bias.
    ///
    /// **Shapes** x (..., in) → (..., out)
    public Tensor product(Tensor x) {
        return quantized == null ? x.linear(weight, null) : x.linear(quantized); // (..., out)
    }

    /// Attaches an adapter, which from now on computes the result; it replaces an earlier one.
    ///
    /// @param adapter null removes it
    public void adapt(Adapter adapter) {
        this.adapter = adapt(this.adapter, adapter);
    }

    /// The adapter, or null.
    public Adapter adapter() {
        return adapter;
    }

    /// Puts a quantised matrix in the place of W, which is then no parameter of the layer any more.
    ///
    /// **Shapes** matrix (out, in)
    ///
    /// @return this
    /// @throws gradus.error.ConfigException if the matrix has another shape
    public Linear quantize(QuantizedMatrix matrix) {
        require(
                matrix != null && matrix.rows() == out() && matrix.columns() == in(),
                "Linear: the quantised weight must be (%d, %d); got %s",
                out(),
                in(),
                matrix);
        replaceParam("weight", null);
        weight = null;
        quantized = matrix;
        return this;
    }

    /// Makes W a parameter again, with the values that it has been used with; without effect unless it is
    /// quantised.
    ///
    /// @return this
    public Linear dequantize() {
        if (quantized != null) {
            Tensor values = Tensor.of(quantized);
            weight = bias == null ? values : values.to(bias.dtype());
            replaceParam("weight", weight);
            quantized = null;
        }
        return this;
    }

    /// The quantised weight, or null if W is not quantised.
    public QuantizedMatrix quantized() {
        return quantized;
    }

    /// Size of the input's last axis.
    public int in() {
        return quantized == null ? weight.dim(1) : quantized.columns();
    }

    /// Size of the result's last axis.
    public int out() {
        return quantized == null ? weight.dim(0) : quantized.rows();
    }

    /// W.
    ///
    /// **Shapes** → (out, in)
    ///
    /// @throws gradus.error.ConfigException if it is quantised: use [#quantized], or [#dequantize] first
    public Tensor weight() {
        require(quantized == null, "Linear: the weight is quantised; use quantized(), or dequantize() the layer first");
        return weight;
    }

    /// The bias, or null.
    public Tensor bias() {
        return bias;
    }
}
