package gradus.tensor.op.order;

import static gradus.error.ShapeException.given;

import gradus.tensor.Tensor;
import gradus.tensor.ValuesAndIndices;
import gradus.tensor.type.Indices;

/// Where the largest or smallest element along an axis stands: the first of equal ones, or the first NaN if
/// there is one, as in PyTorch. Places have no gradient; the extreme itself passes its gradient to its place
/// alone, unlike [gradus.tensor.ReductionOps#amax(int)], which shares it among equal ones.
public final class ArgExtreme {
    private ArgExtreme() {}

    /// **Shapes** x without axis
    public static Indices argmax(Tensor x, int axis) {
        given(x, "argmax", "a tensor");
        return places(x, axis, 1);
    }

    /// **Shapes** x without axis
    public static Indices argmin(Tensor x, int axis) {
        given(x, "argmin", "a tensor");
        return places(x, axis, -1);
    }

    /// **Shapes** values and indices as x without axis
    public static ValuesAndIndices max(Tensor x, int axis) {
        return withValues(x, axis, argmax(x, axis));
    }

    /// **Shapes** values and indices as x without axis
    public static ValuesAndIndices min(Tensor x, int axis) {
        return withValues(x, axis, argmin(x, axis));
    }

    private static ValuesAndIndices withValues(Tensor x, int axis, Indices places) {
        int at = x.shape().axis(axis);
        int[] one = x.shape().with(at, 1).dims();
        return new ValuesAndIndices(x.gather(at, places.reshape(one)).squeeze(at), places);
    }

    /// @param sign 1 for the largest, -1 for the smallest
    private static Indices places(Tensor x, int axis, int sign) {
        int at = x.shape().axis(axis);
        int n = x.dim(at);
        int inner = x.shape().product(at + 1, x.rank());
        double[] values = x.toArray();
        int[] best = new int[values.length / n];
        for (int row = 0; row < best.length; row++) {
            int start = row / inner * n * inner + row % inner;
            for (int j = 1; j < n; j++) {
                double candidate = values[start + j * inner];
                double champion = values[start + best[row] * inner];
                boolean better = sign > 0 ? candidate > champion : candidate < champion;
                if (better || Double.isNaN(candidate) && !Double.isNaN(champion)) {
                    best[row] = j;
                }
            }
        }
        return Indices.of(x.shape().without(at), best);
    }
}
