package gradus.layers.position;

import static gradus.error.ConfigException.require;

import gradus.tensor.Tensor;
import gradus.tensor.type.DType;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;

/// Sinusoidal positions: `x_t ← x_t + PE[t]`, `PE[t, 2i] = sin(t·θᵢ)`, `PE[t, 2i+1] = cos(t·θᵢ)`, `θᵢ =
/// 10000^(-2i/C)`. Vaswani et al. 2017, arXiv:1706.03762, 3.5. Nothing is learned, and a sequence may have
/// any length. `PE[t + k]` is `PE[t]` with every pair rotated by `k·θᵢ`, so a linear map can find the token
/// that stands k positions further on.
///
/// The paper multiplies embeddings by √C before it adds PE, since PE has a length of `√(C/2)` and newly
/// initialised embeddings are shorter; here, the model has to do that. (Tensor2Tensor puts all sines before
/// all cosines and spaces the frequencies slightly differently.)
public final class Sinusoidal extends EmbeddingPosition {
    private static final double BASE = 10_000;

    private volatile Tensor table; // (P, C), computed when first needed; threads may share this layer

    /// **Shapes** x (B, T, C) → (B, T, C)
    ///
    /// @throws gradus.error.ConfigException if C is odd or first below 0
    @Override
    public Tensor embed(Tensor x, int first) {
        require(first >= 0, "Sinusoidal: the first position must be at least 0; got %d", first);
        int time = x.dim(1);
        return x.add(table(first + time, x.dim(2), x.dtype()).slice(0, first, first + time)); // (B, T, C)
    }

    @Override
    public Tensor embed(Tensor x, Indices positions) {
        int length = RopeFrequencies.length("Sinusoidal", positions);
        return x.add(table(length, x.dim(2), x.dtype()).embedding(positions)); // (B, T, C)
    }

    private Tensor table(int length, int dim, DType dtype) {
        Tensor fits = table; // another thread may put a shorter one in its place meanwhile
        if (fits == null || fits.dim(0) < length || fits.dim(1) != dim || fits.dtype() != dtype) {
            int rows = RopeFrequencies.tableRows(length);
            fits = Tensor.of(table(rows, dim), rows, dim).to(dtype).keep(); // (P, C)
            table = fits;
        }
        return fits;
    }

    /// PE of the positions 0 … rows-1, row-major.
    private static double[] table(int rows, int dim) {
        require(dim % 2 == 0, "Sinusoidal: dim must be even; got %d", dim);
        double[] angles = RopeFrequencies.powers(BASE, dim);
        double[] values = new double[Shape.of(rows, dim).size()];
        for (int t = 0; t < rows; t++) {
            for (int i = 0; i < angles.length; i++) {
                values[t * dim + 2 * i] = Math.sin(t * angles[i]);
                values[t * dim + 2 * i + 1] = Math.cos(t * angles[i]);
            }
        }
        return values;
    }
}
