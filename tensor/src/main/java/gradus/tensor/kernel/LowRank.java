package gradus.tensor.kernel;

import gradus.tensor.memory.Destination;

/// What is added to a matrix Y (rows, out) by way of a thin one: `Y + s·H·Bᵀ` with `H = X·Aᵀ`.
///
/// @param x     (rows, in)
/// @param a     (r, in), contiguous
/// @param b     (out, r), contiguous
/// @param h     (rows, r), contiguous; or null where it was not kept
/// @param scale s
public record LowRank(Matrix x, Matrix a, Matrix b, Matrix h, double scale) {

    /// Where the gradients go; null for one that nobody wants.
    ///
    /// @param x of X, contiguous
    /// @param a of A, contiguous
    /// @param b of B, contiguous
    public record Gradients(Destination x, Destination a, Destination b) {}
}
