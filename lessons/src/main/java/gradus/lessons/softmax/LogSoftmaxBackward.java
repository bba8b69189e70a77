package gradus.lessons.softmax;

import gradus.tensor.Tensor;

/// The backward pass of log-softmax.
public final class LogSoftmaxBackward {
    private LogSoftmaxBackward() {}

    /// The gradient of the scores x, given what log-softmax made of them, `y = x − ln Σⱼ exp(xⱼ)` along the
    /// last axis, and the gradient g of the loss with respect to y. Since `∂yᵢ/∂xⱼ = [i = j] − softmax(x)ⱼ`,
    ///
    /// `∂L/∂xⱼ = gⱼ − softmax(x)ⱼ·Σᵢ gᵢ`, and softmax(x) is `exp(y)`.
    ///
    /// Neither `backward` nor `grad` may be called.
    ///
    /// **Shapes** y (..., V), g (..., V) → (..., V)
    public static Tensor gradient(Tensor y, Tensor g) {
        // --- your answer
        Tensor total = g.sum(-1, true); // (..., 1)
        return g.sub(y.exp().mul(total)); // (..., V)
        // ---
    }
}
