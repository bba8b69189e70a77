package gradus.tensor.kernel;

import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.Destination;
import java.util.List;

/// Many elements become one.
public interface ReductionKernels {

    /// Reduces the middle axis of (outer, n, inner) to (outer, inner).
    void reduce(Reduction reduction, Buffer x, int outer, int n, int inner, Buffer y);

    /// The transpose of broadcasting: `y[walk(i)] (+)= scale·Σ x[i]` over all i that lead to the same
    /// place, x contiguous.
    void sumTo(Buffer x, Strided walkY, double scale, Destination y);

    /// `Σ x²`, in double precision.
    default double sumOfSquares(Buffer x) {
        return sumOfSquares(List.of(x));
    }

    /// `Σ x²` over all elements of many buffers, in double precision: the sums of the buffers, added in their order.
    double sumOfSquares(List<Buffer> xs);
}
