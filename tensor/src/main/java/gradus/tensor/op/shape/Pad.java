package gradus.tensor.op.shape;

import static gradus.error.ShapeException.given;
import static gradus.error.ShapeException.require;

import gradus.tensor.Tensor;
import java.util.Arrays;

/// A number put before and behind the elements along the last axes, as `torch.nn.functional.pad`. The
/// gradient of what was put there is dropped.
public final class Pad {
    private Pad() {}

    /// **Shapes** x (..., m, n), amounts (left, right, above, below) → (..., above + m + below, left + n + right)
    ///
    /// @param amounts how many before and behind, for the last axis first
    public static Tensor apply(Tensor x, int[] amounts, double value) {
        given(x, "pad", "a tensor");
        given(amounts, "pad", "amounts");
        require(
                amounts.length % 2 == 0 && amounts.length <= 2 * x.rank(),
                "pad: amounts must be two for each of at most %d axes of shape %s; got %s",
                x.rank(),
                x.shape(),
                Arrays.toString(amounts));
        for (int amount : amounts) {
            require(amount >= 0, "pad: amounts must be at least 0; got %s; slice cuts off", Arrays.toString(amounts));
        }
        Tensor y = x;
        for (int i = 0; i < amounts.length; i += 2) {
            int axis = x.rank() - 1 - i / 2;
            if (amounts[i] > 0) {
                y = Tensor.concat(axis, y.newFull(y.shape().with(axis, amounts[i]), value), y);
            }
            if (amounts[i + 1] > 0) {
                y = Tensor.concat(axis, y, y.newFull(y.shape().with(axis, amounts[i + 1]), value));
            }
        }
        return y == x ? x.clone() : y;
    }
}
