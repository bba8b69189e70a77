package gradus.tensor.op.order;

import static gradus.error.ShapeException.given;
import static gradus.error.ShapeException.require;

import gradus.tensor.Tensor;
import gradus.tensor.ValuesAndIndices;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import java.util.Arrays;
import java.util.Comparator;

/// Elements along an axis in order, with the places they came from. NaN counts as larger than every number,
/// as in PyTorch, and equal elements keep the order they stand in. The values are gathered by the places, so
/// each gradient goes back to the place its value came from.
public final class Sort {
    private Sort() {}

    /// **Shapes** values and indices as x
    public static ValuesAndIndices apply(Tensor x, int axis, boolean descending) {
        given(x, "sort", "a tensor");
        return first(x, x.dim(axis), axis, descending);
    }

    /// The k largest or smallest along an axis, the most extreme one first.
    ///
    /// **Shapes** values and indices as x, with axis of size k
    public static ValuesAndIndices topk(Tensor x, int k, int axis, boolean largest) {
        given(x, "topk", "a tensor");
        int n = x.dim(axis);
        require(k >= 1 && k <= n, "topk: k must be in 1..%d for axis %d of shape %s; got %d", n, axis, x.shape(), k);
        return first(x, k, axis, largest);
    }

    private static ValuesAndIndices first(Tensor x, int k, int axis, boolean descending) {
        int at = x.shape().axis(axis);
        int n = x.dim(at);
        int inner = x.shape().product(at + 1, x.rank());
        double[] values = x.toArray();
        Shape shape = x.shape().with(at, k);
        int[] places = new int[shape.size()];
        Integer[] order = new Integer[n];
        for (int row = 0; row < values.length / n; row++) {
            int start = row / inner * n * inner + row % inner;
            Arrays.setAll(order, j -> j);
            Comparator<Integer> smallest = (i, j) -> compare(values[start + i * inner], values[start + j * inner]);
            Arrays.sort(order, descending ? smallest.reversed() : smallest); // stable
            for (int j = 0; j < k; j++) {
                places[(row / inner * k + j) * inner + row % inner] = order[j];
            }
        }
        Indices indices = Indices.of(shape, places);
        return new ValuesAndIndices(x.gather(at, indices), indices);
    }

    /// Zeros of either sign are equal and NaN is the largest.
    static int compare(double a, double b) {
        if (a < b) {
            return -1;
        }
        if (a > b) {
            return 1;
        }
        return Boolean.compare(Double.isNaN(a), Double.isNaN(b));
    }
}
