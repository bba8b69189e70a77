package gradus.tensor;

import gradus.tensor.op.Reshape;
import gradus.tensor.op.Views;

/// What rearranges elements and leaves their values alone. A tensor is always row-major and contiguous, so everything
/// but [#reshape] copies.
public sealed interface ShapeOps permits Tensor {
    /// The same elements in another shape, without a copy. One dimension may be -1.
    default Tensor reshape(int... dims) {
        return Reshape.apply(self(), dims);
    }

    /// Exchanges two axes, by a copy.
    default Tensor transpose(int axis, int other) {
        return Views.transpose(self(), axis, other);
    }

    /// Reorders all axes, by a copy: axis i of the result is axis `axes[i]` of this.
    default Tensor permute(int... axes) {
        return Views.permute(self(), axes);
    }

    /// The elements from, not including to, along an axis.
    default Tensor slice(int axis, int from, int to) {
        return Views.slice(self(), axis, from, to);
    }

    /// One place along an axis, which disappears.
    default Tensor select(int axis, int index) {
        return Views.select(self(), axis, index);
    }

    /// Repeats axes of size 1, by NumPy's rules.
    default Tensor broadcastTo(int... dims) {
        return Views.broadcastTo(self(), Shape.of(dims));
    }

    private Tensor self() {
        return (Tensor) this;
    }
}
