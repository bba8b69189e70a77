package gradus.tensor;

import static gradus.error.ShapeException.require;

import gradus.tensor.kernel.Kernels;
import gradus.tensor.kernel.Strided;
import gradus.tensor.memory.Destination;

/// What changes the elements of a tensor where they lie, and all that share its memory with it. Gradients do
/// not flow through such a change. An operation that saved the elements for its backward notices it, and the
/// backward refuses.
public sealed interface InPlaceOps permits Tensor {
    /// Replaces the elements.
    ///
    /// @throws gradus.error.ShapeException if shapes or types differ
    default Tensor copyFrom(Tensor other) {
        self().requireSame("copyFrom", other);
        require(
                self().shape().equals(other.shape()),
                "copyFrom: shapes must be equal; got %s and %s",
                self().shape(),
                other.shape());
        self().startEmpty();
        Kernels.of(other.buffer()).pointwise().affine(other.buffer(), 1, 0, new Destination(self().buffer(), false));
        return self();
    }

    /// Replaces a slice: in Python `x[:, start:start+n] = values` for the axis 1.
    ///
    /// @throws gradus.error.ShapeException if types differ, or shapes along any other axis, or the slice leaves this tensor
    default Tensor setSlice(int axis, int start, Tensor values) {
        self().requireSame("setSlice", values);
        require(
                values.rank() == self().rank(),
                "setSlice: values must be of rank %d; got %s",
                self().rank(),
                values.shape());
        int at = self().shape().axis(axis);
        require(
                values.shape().with(at, self().dim(at)).equals(self().shape())
                        && start >= 0
                        && start <= self().dim(at) - values.dim(at),
                "setSlice: %s cannot be put at %d along axis %d of %s",
                values.shape(),
                start,
                at,
                self().shape());
        int[] strides = self().shape().strides();
        Strided slice = new Strided(values.shape().dims(), start * strides[at], strides);
        Kernels.of(self().buffer())
                .movements()
                .copy(
                        values.buffer(),
                        Strided.contiguous(values.shape()),
                        1,
                        slice,
                        new Destination(self().buffer(), false));
        return self();
    }

    /// Replaces the elements, row-major.
    default Tensor set(double... values) {
        require(values != null, "set: values must be given; got null");
        require(
                values.length == self().size(),
                "set: shape %s needs %d values; got %d",
                self().shape(),
                self().size(),
                values.length);
        self().startEmpty();
        self().buffer().set(values);
        return self();
    }

    private Tensor self() {
        return (Tensor) this;
    }
}
