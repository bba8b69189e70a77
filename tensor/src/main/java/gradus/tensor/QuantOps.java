package gradus.tensor;

import static gradus.error.ConfigException.require;

import gradus.error.ShapeException;
import gradus.tensor.op.product.QuantizedLinear;
import gradus.tensor.quant.BlockFormat;
import gradus.tensor.quant.QuantConfig;
import gradus.tensor.quant.QuantizedMatrix;

/// Matrices of a few bits an element. Back to numbers leads [CreationOps#of(QuantizedMatrix)].
public sealed interface QuantOps permits Tensor {
    /// The elements as codes of a format, its scales as the format keeps them. No gradient flows back.
    ///
    /// **Shapes** (out, in)
    ///
    /// @throws gradus.error.ConfigException  if rows are no whole number of blocks and have to be
    /// @throws gradus.error.NumericException if an element is not finite or too large
    default QuantizedMatrix quantize(BlockFormat format) {
        require(format != null, "quantise: a format must be given; got null");
        requireMatrix();
        return QuantizedMatrix.of(self().toFloatArray(), self().dim(0), self().dim(1), format);
    }

    /// As [#quantize(BlockFormat)], with scales of one byte if the configuration says so.
    default QuantizedMatrix quantize(QuantConfig config) {
        require(config != null, "quantise: a configuration must be given; got null");
        requireMatrix();
        return config.quantize(self().toFloatArray(), self().dim(0), self().dim(1));
    }

    private void requireMatrix() {
        ShapeException.require(self().rank() == 2, "quantise: a matrix is needed; got shape %s", self().shape());
    }

    /// `y = x·Wᵀ` with a quantised weight, which gets no gradient.
    ///
    /// **Shapes** x (..., in), weight (out, in) → (..., out)
    default Tensor linear(QuantizedMatrix weight) {
        return QuantizedLinear.apply(self(), weight);
    }

    private Tensor self() {
        return (Tensor) this;
    }
}
