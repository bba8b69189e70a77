package gradus.lessons.tensors;

import gradus.tensor.Tensor;

/// All distances between two sets of points.
public final class Distances {
    private Distances() {}

    /// The squared distance of every point of x from every point of y; each row is a point.
    ///
    /// `d[i, j] = Σ_c (x[i, c] − y[j, c])²`: squared, no root.
    ///
    /// **Shapes** x (N, C), y (M, C) → (N, M)
    public static Tensor distances(Tensor x, Tensor y) {
        // --- your answer
        Tensor differences = x.unsqueeze(1).sub(y.unsqueeze(0)); // (N, 1, C) and (1, M, C) → (N, M, C)
        return differences.square().sum(-1); // (N, M)
        // ---
    }
}
