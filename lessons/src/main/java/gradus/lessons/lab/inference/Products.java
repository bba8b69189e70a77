package gradus.lessons.lab.inference;

import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.quant.QuantConfig;
import gradus.tensor.quant.QuantizedMatrix;
import gradus.tensor.random.Rng;

/// A kind of products, whose speed is measured by one linear layer from C to 4·C channels whose weights stay in
/// the processor's caches as far as they fit.
///
/// @param format of the weights
/// @param rows   of what is multiplied
record Products(String format, int rows) implements Comparable<Products> {
    /// Weights that are not quantised.
    static final String FLOATS = "float32";

    private static final double ENOUGH = 1e8; // operations of a run

    /// Operations a second of the fastest run.
    ///
    /// @param dim C
    double speed(int dim) {
        Tensor x = Tensor.randn(Rng.of(1), rows, dim).keep(); // (m, C)
        Tensor w = Tensor.randn(Rng.of(2), 4 * dim, dim).keep(); // (4·C, C)
        QuantizedMatrix codes = format.equals(FLOATS) ? null : w.quantize(QuantConfig.named(format));
        double flops = 2.0 * rows * dim * 4 * dim;
        int repeats = (int) Math.max(1, ENOUGH / flops);
        double seconds = Stopwatch.fastest(repeats, () -> {
            try (var pause = Autograd.noGrad();
                    var scope = Scope.open()) {
                if (codes == null) {
                    x.linear(w, null);
                } else {
                    x.linear(codes);
                }
            }
        });
        x.close();
        w.close();
        return flops / seconds;
    }

    @Override
    public int compareTo(Products other) {
        int byFormat = format.compareTo(other.format);
        return byFormat != 0 ? byFormat : Integer.compare(rows, other.rows);
    }

    @Override
    public String toString() {
        return rows + (format.equals(FLOATS) ? "" : " " + format);
    }
}
