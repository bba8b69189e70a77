package gradus.layers.adapter;

import gradus.layers.Linear;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.quant.NestedScales;
import gradus.tensor.quant.QuantConfig;
import gradus.tensor.quant.QuantizedMatrix;
import gradus.tensor.type.DType;

/// The frozen matrix W of a Linear as adapters read it, quantised or not.
record BaseWeight(Linear linear) {
    /// Elements of a strip of rows: half a megabyte, which a core's own cache holds.
    private static final int STRIP = 1 << 17;

    /// The type of the numbers beside it.
    DType dtype() {
        return linear.quantized() == null
                ? linear.weight().dtype()
                : linear.bias() == null ? DType.FLOAT32 : linear.bias().dtype();
    }

    /// W. One that is quantised is decoded, which costs memory for this one layer.
    ///
    /// **Shapes** → (out, in)
    Tensor values() {
        return linear.quantized() == null
                ? linear.weight().detach()
                : Tensor.of(linear.quantized()).to(dtype());
    }

    /// Another matrix in the format of this one, which is quantised.
    ///
    /// **Shapes** other (out, in)
    QuantizedMatrix alike(Tensor other) {
        QuantizedMatrix own = linear.quantized();
        return other.quantize(new QuantConfig(own.format(), own.scales() instanceof NestedScales));
    }

    /// The length of each row of `W + s·B·A`, a constant for the backward pass. A quantised W is decoded a strip
    /// of rows at a time.
    ///
    /// **Shapes** a (r, in), b (out, r) → (out)
    Tensor lengths(Tensor a, Tensor b, double scale) {
        try (var pause = Autograd.noGrad()) {
            return linear.quantized() == null
                    ? lengths(linear.weight(), a, b, scale)
                    : ofStrips(linear.quantized(), a, b, scale);
        }
    }

    /// The same of any matrix, with gradients.
    ///
    /// **Shapes** w (out, in), a (r, in), b (out, r) → (out)
    static Tensor lengths(Tensor w, Tensor a, Tensor b, double scale) {
        return w.add(b.matmul(a).mul(scale)).square().sum(1).sqrt(); // (out)
    }

    private static Tensor ofStrips(QuantizedMatrix w, Tensor a, Tensor b, double scale) {
        int in = w.columns();
        int height = Math.clamp(STRIP / in, 1, w.rows());
        double[] lengths = new double[w.rows()];
        for (int from = 0; from < w.rows(); from += height) {
            int to = Math.min(from + height, w.rows());
            float[] decoded = new float[(to - from) * in];
            w.dequantize(from, to, decoded);
            try (var scope = Scope.open()) {
                Tensor strip = Tensor.of(decoded, to - from, in).to(a.dtype());
                Tensor own = lengths(strip, a, b.slice(0, from, to), scale); // (rows of the strip)
                System.arraycopy(own.toArray(), 0, lengths, from, to - from);
            }
        }
        return Tensor.of(lengths, w.rows()).to(a.dtype());
    }
}
