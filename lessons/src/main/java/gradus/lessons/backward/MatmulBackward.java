package gradus.lessons.backward;

import gradus.tensor.Tensor;

/// The backward pass of a matrix product.
public final class MatmulBackward {
    private MatmulBackward() {}

    /// The gradients of `y = x · w`, where every batch of x meets the same w, as in a linear layer:
    /// `y[b, t, d] = Σ_c x[b, t, c]·w[c, d]`. `gradient` is the derivative of the loss with respect to y. Neither
    /// `backward` nor `grad` may be called.
    ///
    /// **Shapes** x (B, T, C), w (C, D), gradient (B, T, D)
    ///
    /// @return the gradient of x, of shape (B, T, C), and that of w, of shape (C, D), in this order
    public static Tensor[] gradients(Tensor x, Tensor w, Tensor gradient) {
        // --- your answer
        Tensor ofX = gradient.matmul(w, false, true); // (B, T, D) · (D, C) → (B, T, C)
        Tensor ofW = x.matmul(gradient, true, false); // (B, C, T) · (B, T, D) → (B, C, D)
        return new Tensor[] {ofX, ofW.sum(0)};
        // ---
    }
}
