package gradus.tensor.op.shape;

import static gradus.error.ShapeException.given;
import static gradus.error.ShapeException.require;

import gradus.tensor.Tensor;
import gradus.tensor.type.Indices;

/// Axes read from their end: `y[i] = x[n - 1 - i]`, as `torch.flip`.
public final class Flip {
    private Flip() {}

    /// **Shapes** those of x
    public static Tensor apply(Tensor x, int... axes) {
        given(x, "flip", "a tensor");
        given(axes, "flip", "axes");
        boolean[] flipped = new boolean[x.rank()];
        for (int axis : axes) {
            int at = x.shape().axis(axis);
            require(!flipped[at], "flip: axis %d is named twice", axis);
            flipped[at] = true;
        }
        Tensor y = x;
        for (int axis = 0; axis < flipped.length; axis++) {
            if (flipped[axis]) {
                int n = x.dim(axis);
                int[] places = new int[n];
                java.util.Arrays.setAll(places, i -> n - 1 - i);
                y = y.indexSelect(axis, Indices.of(places));
            }
        }
        return y == x ? x.clone() : y;
    }
}
