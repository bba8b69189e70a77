package gradus.tensor.op;

import static gradus.error.ShapeException.given;
import static gradus.error.ShapeException.require;

import gradus.tensor.Autograd;
import gradus.tensor.Tensor;
import gradus.tensor.type.Shape;

/// The same elements under another shape. Nothing is copied, forwards or backwards.
public final class Reshape {
    private Reshape() {}

    /// @param dims the new shape; one of them may be -1 and is then worked out
    public static Tensor apply(Tensor x, int... dims) {
        given(x, "reshape", "a tensor");
        Tensor y = Tensor.over(x.buffer(), target(x.shape(), dims));
        return Autograd.record(y, x::addGradient, x);
    }

    private static Shape target(Shape from, int[] dims) {
        require(dims != null, "reshape: dimensions must be given; got null");
        int[] wanted = dims.clone();
        int open = -1;
        long known = 1;
        for (int axis = 0; axis < wanted.length; axis++) {
            if (wanted[axis] == -1) {
                require(open < 0, "reshape: only one dimension may be -1; got %s", java.util.Arrays.toString(dims));
                open = axis;
            } else {
                known *= wanted[axis];
            }
        }
        if (open >= 0) {
            require(
                    known > 0 && from.size() % known == 0,
                    "reshape: %d elements of shape %s do not divide into %s",
                    from.size(),
                    from,
                    java.util.Arrays.toString(dims));
            wanted[open] = (int) (from.size() / known);
        }
        Shape to = Shape.of(wanted);
        require(
                to.size() == from.size(),
                "reshape: shape %s has %d elements and %s has %d",
                from,
                from.size(),
                to,
                to.size());
        return to;
    }
}
