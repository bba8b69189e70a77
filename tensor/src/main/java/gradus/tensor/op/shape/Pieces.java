package gradus.tensor.op.shape;

import static gradus.error.ShapeException.given;
import static gradus.error.ShapeException.require;

import gradus.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A tensor cut into pieces along an axis. [gradus.tensor.CreationOps#concat] and
/// [gradus.tensor.CreationOps#stack] put them together again.
public final class Pieces {
    private Pieces() {}

    /// Pieces of one size; the last one may be smaller.
    public static List<Tensor> split(Tensor x, int size, int axis) {
        given(x, "split", "a tensor");
        int n = x.dim(axis);
        require(size >= 1, "split: pieces must have at least size 1; got %d", size);
        int count = (n - 1) / size + 1;
        int[] sizes = new int[count];
        Arrays.fill(sizes, size);
        sizes[count - 1] = n - (count - 1) * size;
        return split(x, sizes, axis);
    }

    /// Pieces of given sizes, which must add up to that of the axis.
    public static List<Tensor> split(Tensor x, int[] sizes, int axis) {
        given(x, "split", "a tensor");
        given(sizes, "split", "sizes");
        int at = x.shape().axis(axis);
        long sum = 0;
        for (int size : sizes) {
            require(size >= 1, "split: pieces must have at least size 1; got %s", Arrays.toString(sizes));
            sum += size;
        }
        require(
                sum == x.dim(at),
                "split: the sizes %s must add up to %d, the size of axis %d of shape %s; they add up to %d",
                Arrays.toString(sizes),
                x.dim(at),
                at,
                x.shape(),
                sum);
        List<Tensor> pieces = new ArrayList<>();
        int from = 0;
        for (int size : sizes) {
            pieces.add(x.slice(at, from, from + size));
            from += size;
        }
        return pieces;
    }

    /// So many pieces of equal size; the last one may be smaller. There are fewer where the axis does not
    /// divide so: 4 chunks of 6 have the sizes 2, 2, 2.
    public static List<Tensor> chunk(Tensor x, int chunks, int axis) {
        given(x, "chunk", "a tensor");
        require(chunks >= 1, "chunk: there must be at least 1 chunk; got %d", chunks);
        int n = x.dim(axis);
        return split(x, (n - 1) / chunks + 1, axis);
    }

    /// Every place along an axis, which disappears.
    public static List<Tensor> unbind(Tensor x, int axis) {
        given(x, "unbind", "a tensor");
        List<Tensor> pieces = new ArrayList<>();
        for (int i = 0; i < x.dim(axis); i++) {
            pieces.add(x.select(axis, i));
        }
        return pieces;
    }
}
