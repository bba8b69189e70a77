package gradus.tensor.op.shape;

import static gradus.error.ShapeException.given;
import static gradus.error.ShapeException.require;

import gradus.tensor.Tensor;
import gradus.tensor.type.Shape;

/// The lower or upper triangle of matrices, with zeros elsewhere, as `torch.tril` and `torch.triu`. The
/// diagonal that bounds the triangle belongs to it: 0 is the main one, 1 the one above it, -1 the one below
/// it.
public final class Triangle {
    private Triangle() {}

    /// `x[i, j]` where `j ≤ i + diagonal`, else 0.
    ///
    /// **Shapes** x (..., m, n), kept
    public static Tensor lower(Tensor x, int diagonal) {
        return keep("tril", x, diagonal, false);
    }

    /// `x[i, j]` where `j ≥ i + diagonal`, else 0.
    ///
    /// **Shapes** x (..., m, n), kept
    public static Tensor upper(Tensor x, int diagonal) {
        return keep("triu", x, diagonal, true);
    }

    private static Tensor keep(String operation, Tensor x, int diagonal, boolean upper) {
        given(x, operation, "a tensor");
        require(x.rank() >= 2, "%s: needs a matrix, or several; got shape %s", operation, x.shape());
        int m = x.dim(-2);
        int n = x.dim(-1);
        double[] outside = new double[Shape.of(m, n).size()];
        for (int at = 0; at < outside.length; at++) {
            long place = (long) at % n - at / n; // column - row
            outside[at] = (upper ? place < diagonal : place > diagonal) ? 1 : 0;
        }
        Tensor mask = x.newEmpty(Shape.of(m, n)).set(outside);
        return x.maskedFill(mask, 0);
    }
}
