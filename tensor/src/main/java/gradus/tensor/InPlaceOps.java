package gradus.tensor;

import static gradus.error.ShapeException.require;

import gradus.tensor.kernel.Kernels;
import gradus.tensor.kernel.Strided;
import gradus.tensor.memory.Destination;
import gradus.tensor.type.Shape;

/// Operations that change the elements of a tensor in place. Every tensor that shares its memory changes too.
/// Gradients do not flow through such a change. If an operation has saved the old elements for its backward
/// pass, that backward pass throws an exception, since its gradients would be wrong.
public sealed interface InPlaceOps permits Tensor {
    /// Replaces the elements with those of another tensor.
    ///
    /// @throws gradus.error.ShapeException if shapes or types differ
    default Tensor copyFrom(Tensor other) {
        Tensor x = self();
        x.requireSame("copyFrom", other);
        require(
                x.shape().equals(other.shape()),
                "copyFrom: shapes must be equal; got %s and %s",
                x.shape(),
                other.shape());
        x.startEmpty();
        Kernels.of(other.buffer()).pointwise().affine(other.buffer(), 1, 0, new Destination(x.buffer(), false));
        return x;
    }

    /// Replaces a slice: in Python `x[:, start:start+n] = values` for the axis 1.
    ///
    /// @throws gradus.error.ShapeException if the types differ, if the shapes differ along another axis, or if
    ///     the slice reaches beyond this tensor
    default Tensor setSlice(int axis, int start, Tensor values) {
        Tensor x = self();
        Shape shape = x.shape();
        x.requireSame("setSlice", values);
        require(values.rank() == x.rank(), "setSlice: values must be of rank %d; got %s", x.rank(), values.shape());
        int at = shape.axis(axis);
        int count = values.dim(at);
        require(
                values.shape().with(at, x.dim(at)).equals(shape) && start >= 0 && start <= x.dim(at) - count,
                "setSlice: values of shape %s do not fit at index %d of axis %d of shape %s",
                values.shape(),
                start,
                at,
                shape);
        int[] strides = shape.strides();
        Strided slice = new Strided(values.shape().dims(), start * strides[at], strides);
        Strided whole = Strided.contiguous(values.shape());
        Kernels.of(x.buffer()).movements().copy(values.buffer(), whole, 1, slice, new Destination(x.buffer(), false));
        return x;
    }

    /// Replaces the elements with the given values, in row-major order.
    default Tensor set(double... values) {
        require(values != null, "set: values must be given; got null");
        Tensor x = self();
        require(values.length == x.size(), "set: shape %s needs %d values; got %d", x.shape(), x.size(), values.length);
        x.startEmpty();
        x.buffer().set(values);
        return x;
    }

    private Tensor self() {
        return (Tensor) this;
    }
}
