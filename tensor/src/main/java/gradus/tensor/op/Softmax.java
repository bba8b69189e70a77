package gradus.tensor.op;

import static gradus.error.ShapeException.given;

import gradus.tensor.Autograd;
import gradus.tensor.Saved;
import gradus.tensor.Tensor;
import gradus.tensor.kernel.Kernels;

/// `yᵢ = exp(xᵢ)/Σⱼ exp(xⱼ)` along the last axis.
///
/// `∂yᵢ/∂xⱼ = yᵢ([i = j] - yⱼ)`, hence `dxⱼ = yⱼ(dyⱼ - Σᵢ yᵢ·dyᵢ)`.
public final class Softmax {
    private Softmax() {}

    public static Tensor apply(Tensor x) {
        given(x, "softmax", "a tensor");
        int columns = x.shape().last();
        int rows = x.size() / columns;
        Kernels kernels = Kernels.of(x.buffer());
        Tensor y = x.newEmpty(x.shape());
        kernels.softmax().softmax(x.buffer(), rows, columns, y.buffer());
        Saved saved = Saved.of(y);
        return Autograd.record(
                y, dy -> kernels.softmax().softmaxBackward(saved.get(), dy, rows, columns, x.gradientDestination()), x);
    }
}
