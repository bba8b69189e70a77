package gradus.tensor.op.shape;

import static gradus.error.ShapeException.given;

import gradus.tensor.Tensor;

/// Elements moved along an axis, those pushed out at one end coming in at the other: `y[(i + shift) mod n] =
/// x[i]`, as `torch.roll`.
public final class Roll {
    private Roll() {}

    /// **Shapes** those of x
    public static Tensor apply(Tensor x, int shift, int axis) {
        given(x, "roll", "a tensor");
        int n = x.dim(axis);
        int by = Math.floorMod(shift, n);
        if (by == 0) {
            return x.clone();
        }
        return Tensor.concat(axis, x.slice(axis, n - by, n), x.slice(axis, 0, n - by));
    }
}
