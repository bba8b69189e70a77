package gradus.lessons.muon;

import gradus.tensor.Tensor;

/// The matrix with the same directions in which every direction is equally strong.
public final class Orthogonaliser {
    private Orthogonaliser() {}

    /// Five rounds of a Newton–Schulz iteration, with a = 3.4445, b = -4.7750, c = 2.0315:
    /// ```
    /// X ← U/(‖U‖ + 1e-7)                          ‖U‖ = √Σu², over all elements of the matrix
    /// X ← a·X + b·(X·Xᵀ)·X + c·(X·Xᵀ)·(X·Xᵀ)·X     five times
    /// ```
    /// Each round applies `a·s + b·s³ + c·s⁵` to every singular value s of X and leaves the singular vectors
    /// as they are. A matrix of zeros stays one.
    ///
    /// **Shapes** u (rows, columns) → (rows, columns), of any two sizes
    public static Tensor orthogonal(Tensor u) {
        // --- your answer
        Tensor x = u.div(u.norm().add(1e-7)); // (r, c), no singular value is above 1
        for (int round = 0; round < 5; round++) {
            Tensor square = x.matmul(x.transpose(0, 1)); // (r, r)
            Tensor polynomial = square.mul(-4.7750).add(square.matmul(square).mul(2.0315)); // (r, r)
            x = x.mul(3.4445).add(polynomial.matmul(x)); // (r, c)
        }
        return x;
        // ---
    }
}
