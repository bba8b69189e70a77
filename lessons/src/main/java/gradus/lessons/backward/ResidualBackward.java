package gradus.lessons.backward;

import gradus.tensor.Tensor;

/// The backward pass of a block with a skip connection.
public final class ResidualBackward {
    private ResidualBackward() {}

    /// The gradients of `y = x + relu(x · w)`: x is used twice, once directly and once through the product.
    /// `relu(z) = max(z, 0)` has the derivative 1 where z is above 0, and 0 elsewhere (at 0 too). `gradient`
    /// is the derivative of the loss with respect to y. Neither `backward` nor `grad` may be called.
    ///
    /// **Shapes** x (N, C), w (C, C), gradient (N, C)
    ///
    /// @return the gradient of x, of shape (N, C), and that of w, of shape (C, C), in this order
    public static Tensor[] gradients(Tensor x, Tensor w, Tensor gradient) {
        // --- your answer
        Tensor open = x.matmul(w).gt(0); // (N, C), 1 where relu lets through
        Tensor inner = gradient.mul(open); // (N, C), the gradient of x · w
        Tensor ofX = gradient.add(inner.matmul(w, false, true)); // (N, C), both uses of x
        Tensor ofW = x.matmul(inner, true, false); // (C, C)
        return new Tensor[] {ofX, ofW};
        // ---
    }
}
