package gradus.tensor.op;

import static gradus.error.ShapeException.require;

import gradus.tensor.Autograd;
import gradus.tensor.Tensor;
import gradus.tensor.kernel.Kernels;
import gradus.tensor.kernel.Strided;
import gradus.tensor.memory.Destination;
import gradus.tensor.type.Shape;

/// Tensors put one behind the other along an axis; each gets its own stretch of the gradient.
public final class Concat {
    private Concat() {}

    public static Tensor apply(int axis, Tensor... parts) {
        require(parts != null && parts.length > 0, "concat: at least one tensor must be given");
        Tensor first = parts[0];
        require(first != null, "concat: tensor 0 is null");
        int at = first.shape().axis(axis);
        int total = 0;
        for (Tensor part : parts) {
            first.requireSame("concat", part);
            require(
                    part.rank() == first.rank()
                            && part.shape().with(at, 1).equals(first.shape().with(at, 1)),
                    "concat: shapes must be equal but for axis %d; got %s and %s",
                    at,
                    first.shape(),
                    part.shape());
            total = Math.addExact(total, part.dim(at));
        }
        Shape shape = first.shape().with(at, total);
        Tensor y = first.newEmpty(shape);
        Kernels kernels = Kernels.of(first.buffer());
        int start = 0;
        for (Tensor part : parts) {
            kernels.movements()
                    .copy(
                            part.buffer(),
                            Strided.contiguous(part.shape()),
                            1,
                            place(shape, part.shape(), at, start),
                            new Destination(y.buffer(), false));
            start += part.dim(at);
        }
        return Autograd.record(
                y,
                dy -> {
                    int from = 0;
                    for (Tensor part : parts) {
                        Views.addBack(
                                part, dy, place(shape, part.shape(), at, from), Strided.contiguous(part.shape()), true);
                        from += part.dim(at);
                    }
                },
                parts);
    }

    /// The way through a part's place in the whole.
    private static Strided place(Shape whole, Shape part, int axis, int start) {
        int[] strides = whole.strides();
        return new Strided(part.dims(), start * strides[axis], strides);
    }
}
