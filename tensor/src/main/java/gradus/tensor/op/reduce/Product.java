package gradus.tensor.op.reduce;

import static gradus.error.ShapeException.given;

import gradus.tensor.Tensor;

/// `y = ∏ x` along an axis, which disappears. The first half is multiplied with the second until one is left,
/// log₂ n times. So `∂y/∂xⱼ` is a product of the other elements and right also where some are 0, where `y/xⱼ`
/// would be 0/0.
public final class Product {
    private Product() {}

    public static Tensor apply(Tensor x, int axis) {
        given(x, "prod", "a tensor");
        int at = x.shape().axis(axis);
        Tensor y = x;
        while (y.dim(at) > 1) {
            int n = y.dim(at);
            int half = n / 2;
            Tensor pairs = y.slice(at, 0, half).mul(y.slice(at, half, 2 * half));
            y = n % 2 == 0 ? pairs : Tensor.concat(at, pairs, y.slice(at, n - 1, n));
        }
        return y.squeeze(at);
    }
}
