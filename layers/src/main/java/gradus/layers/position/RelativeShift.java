package gradus.layers.position;

import gradus.tensor.Tensor;
import gradus.tensor.type.DType;
import gradus.tensor.type.Shape;

/// Converts between numbers indexed by distance and numbers indexed by key. For query i of T and key j, the
/// number is entry j - i + T - 1 in a row of R = T + S - 1 distances: entry 0 is for the last query and the
/// first key.
///
/// Row i of the distances is wanted from place T - 1 - i on. Laid out flat, row i + 1 begins R - 1 places
/// after row i begins if one place is dropped for each row, so a cut of T - 1 at the front, rows of R - 1
/// and a cut to S columns do it, without an index. Dai et al. 2019, Transformer-XL, arXiv:1901.02860,
/// appendix B.
final class RelativeShift {
    private RelativeShift() {}

    /// **Shapes** x (B, H, T, R) → (B, H, T, S), `y[i, j] = x[i, j - i + T - 1]`
    static Tensor toKeys(Tensor x, int keys) {
        int queries = x.dim(2);
        if (queries == 1) {
            return x; // one query: its distances are its keys
        }
        int rows = x.dim(0) * x.dim(1);
        int distances = x.dim(3);
        return x.reshape(rows, queries * distances)
                .slice(1, queries - 1, queries * distances - 1) // (B·H, T·(R-1))
                .reshape(x.dim(0), x.dim(1), queries, distances - 1)
                .slice(3, 0, keys); // (B, H, T, S)
    }

    /// The reverse: puts every number at its distance, and zeros at the distances that no key of the row has.
    ///
    /// **Shapes** x (B, H, T, S) → (B, H, T, R), `y[i, r] = x[i, r + i - T + 1]`
    static Tensor toDistances(Tensor x) {
        int queries = x.dim(2);
        if (queries == 1) {
            return x;
        }
        int rows = x.dim(0) * x.dim(1);
        int distances = queries + x.dim(3) - 1;
        Tensor wide = queries == 2 ? x : Tensor.concat(3, x, zeros(x, rows * queries, queries - 2)); // (B, H, T, R-1)
        Tensor flat = Tensor.concat(
                1,
                zeros(x, rows, queries - 1).reshape(rows, queries - 1),
                wide.reshape(rows, queries * (distances - 1)),
                zeros(x, rows, 1).reshape(rows, 1)); // (B·H, T·R)
        return flat.reshape(x.dim(0), x.dim(1), queries, distances); // (B, H, T, R)
    }

    private static Tensor zeros(Tensor like, int rows, int columns) {
        DType dtype = like.dtype();
        int batch = like.dim(0);
        int heads = like.dim(1);
        return Tensor.full(dtype, Shape.of(batch, heads, rows / batch / heads, columns), 0);
    }
}
