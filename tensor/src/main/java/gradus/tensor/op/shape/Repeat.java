package gradus.tensor.op.shape;

import static gradus.error.ShapeException.given;
import static gradus.error.ShapeException.require;

import gradus.tensor.Tensor;
import java.util.Arrays;

/// Copies of a tensor laid side by side, as `torch.Tensor.repeat` (NumPy's `tile`). The gradient is the sum
/// over the copies.
public final class Repeat {
    private Repeat() {}

    /// **Shapes** x (2, 3), times (4, 1, 2) → (4, 2, 6)
    ///
    /// @param times how often along each axis; more numbers than axes put new axes in front
    public static Tensor apply(Tensor x, int... times) {
        given(x, "repeat", "a tensor");
        given(times, "repeat", "times");
        require(
                times.length >= x.rank(),
                "repeat: shape %s needs at least %d numbers; got %s",
                x.shape(),
                x.rank(),
                Arrays.toString(times));
        int rank = times.length;
        int[] apart = new int[2 * rank]; // (1, d₀, 1, d₁, ...)
        int[] copies = new int[2 * rank]; // (times₀, d₀, times₁, d₁, ...)
        int[] dims = new int[rank]; // (times₀·d₀, times₁·d₁, ...)
        for (int axis = 0; axis < rank; axis++) {
            int own = axis - (rank - x.rank());
            int dim = own < 0 ? 1 : x.dim(own);
            require(times[axis] >= 1, "repeat: numbers must be at least 1; got %s", Arrays.toString(times));
            apart[2 * axis] = 1;
            apart[2 * axis + 1] = dim;
            copies[2 * axis] = times[axis];
            copies[2 * axis + 1] = dim;
            long size = (long) times[axis] * dim;
            require(size <= Integer.MAX_VALUE, "repeat: axis %d would have %d places", axis, size);
            dims[axis] = (int) size;
        }
        return x.reshape(apart).broadcastTo(copies).reshape(dims);
    }
}
