package gradus.tensor.op.reduce;

import static gradus.error.ShapeException.given;
import static gradus.error.ShapeException.require;

import gradus.tensor.Tensor;
import gradus.tensor.type.Shape;
import java.util.Arrays;
import java.util.function.UnaryOperator;

/// Reduces several axes at once by what reduces the last one: the axes move to the end and become one. Not
/// one axis after the other, since equal largest elements share a gradient equally only if they are looked at
/// together.
public final class SeveralAxes {
    private SeveralAxes() {}

    /// **Shapes** x (...), axes removed or, with `keepDim`, of size 1
    ///
    /// @param operation what the reduction is called, for messages
    /// @param lastAxis  the reduction, (..., n) → (...)
    public static Tensor reduce(
            String operation, Tensor x, int[] axes, boolean keepDim, UnaryOperator<Tensor> lastAxis) {
        given(x, operation, "a tensor");
        given(axes, operation, "axes");
        given(lastAxis, operation, "a reduction");
        require(axes.length > 0, "%s: at least one axis must be given", operation);
        boolean[] reduced = new boolean[x.rank()];
        for (int axis : axes) {
            int at = x.shape().axis(axis);
            require(!reduced[at], "%s: axis %d is named twice", operation, axis);
            reduced[at] = true;
        }
        int[] order = new int[x.rank()];
        int[] kept = x.shape().dims();
        int[] merged = new int[x.rank() - axes.length + 1];
        int count = 0;
        for (int axis = 0; axis < order.length; axis++) {
            if (!reduced[axis]) {
                merged[count] = x.dim(axis);
                order[count++] = axis;
            }
        }
        int[] rest = Arrays.copyOf(merged, count);
        for (int axis = 0; axis < reduced.length; axis++) {
            if (reduced[axis]) {
                order[count++] = axis;
                kept[axis] = 1;
            }
        }
        merged[merged.length - 1] = -1;
        Tensor moved = isSorted(order) ? x : x.permute(order);
        Tensor y = lastAxis.apply(moved.reshape(merged)); // (kept axes)
        Shape expected = Shape.of(rest);
        require(
                y != null && y.shape().equals(expected),
                "%s: the reduction of the last axis must give shape %s",
                operation,
                expected);
        return keepDim ? y.reshape(kept) : y;
    }

    private static boolean isSorted(int[] order) {
        for (int i = 0; i < order.length; i++) {
            if (order[i] != i) {
                return false;
            }
        }
        return true;
    }
}
