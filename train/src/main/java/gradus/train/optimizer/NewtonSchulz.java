package gradus.train.optimizer;

import gradus.tensor.Tensor;
import gradus.tensor.kernel.Kernels;

/// Brings the singular values of a matrix near 1, using only matrix products: `X ← a·X + b·(X·Xᵀ)·X +
/// c·(X·Xᵀ)²·X`, five times, from `X/‖X‖`. Each round applies `p(s) = a·s + b·s³ + c·s⁵` to every singular
/// value s and leaves the singular vectors as they are. These coefficients do not converge exactly, but make
/// small singular values grow fastest: they end within about 0.68 … 1.2, except values near 0, which stay
/// small. Björck & Bowie 1971; coefficients of Jordan et al. 2024.
final class NewtonSchulz {
    private static final double A = 3.4445;
    private static final double B = -4.7750;
    private static final double C = 2.0315;
    private static final int ROUNDS = 5;
    private static final double SMALLEST_NORM = 1e-7;

    private NewtonSchulz() {}

    /// **Shapes** u (rows, columns) → (rows, columns)
    static Tensor orthogonal(Tensor u) {
        boolean tall = u.dim(0) > u.dim(1);
        Tensor x = tall ? u.transpose(0, 1) : u; // (r, c), r ≤ c, so that X·Xᵀ is the smaller product
        double norm = Math.sqrt(Kernels.of(x.buffer()).reductions().sumOfSquares(x.buffer()));
        x = x.div(Math.max(norm, SMALLEST_NORM));
        for (int round = 0; round < ROUNDS; round++) {
            Tensor square = x.matmul(x, false, true); // (r, r)
            Tensor polynomial = square.mul(B).add(square.matmul(square).mul(C)); // (r, r)
            x = x.mul(A).add(polynomial.matmul(x)); // (r, c)
        }
        return tall ? x.transpose(0, 1) : x; // (rows, columns)
    }
}
