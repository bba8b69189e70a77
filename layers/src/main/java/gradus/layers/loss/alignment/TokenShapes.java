package gradus.layers.loss.alignment;

import static gradus.error.ShapeException.given;
import static gradus.error.ShapeException.require;

import gradus.tensor.Tensor;

/// Checks shapes before anything broadcasts: (N) rewards would be stretched over (N, T) tokens without an
/// error if N happens to be T.
final class TokenShapes {
    private TokenShapes() {}

    /// Both are (N, T).
    static void requireAlike(String operation, String name, Tensor x, String otherName, Tensor other) {
        given(x, operation, name);
        given(other, operation, otherName);
        require(
                x.rank() == 2 && x.shape().equals(other.shape()),
                "%s: %s and %s must both be (N, T); got %s and %s",
                operation,
                name,
                otherName,
                x.shape(),
                other.shape());
    }

    /// x is as like, (N, T), or has one column for all T of them.
    static void requireColumns(String operation, String name, Tensor x, Tensor like) {
        given(x, operation, name);
        require(
                x.rank() == 2 && x.dim(0) == like.dim(0) && (x.dim(1) == like.dim(1) || x.dim(1) == 1),
                "%s: %s must be (N, T) = %s or (N, 1); got %s",
                operation,
                name,
                like.shape(),
                x.shape());
    }

    /// Both are (N), with N at least 1.
    static void requireRows(String operation, String name, Tensor x, String otherName, Tensor other) {
        given(x, operation, name);
        given(other, operation, otherName);
        require(
                x.rank() == 1 && x.dim(0) > 0 && x.shape().equals(other.shape()),
                "%s: %s and %s must both be (N), N at least 1; got %s and %s",
                operation,
                name,
                otherName,
                x.shape(),
                other.shape());
    }
}
