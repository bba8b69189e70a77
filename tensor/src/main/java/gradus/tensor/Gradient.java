package gradus.tensor;

import gradus.tensor.kernel.Kernels;
import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.BufferPool;
import gradus.tensor.memory.Destination;
import gradus.tensor.memory.Memory;
import gradus.tensor.type.DType;

/// The gradient of one tensor while contributions are added up. A tensor that was used in three places gets
/// three contributions: the first is written, the others are added to it.
///
/// A leaf, which no operation made, keeps its gradient for the optimiser, in memory of its own that outlives
/// every scope. A computed tensor needs its gradient only until it is passed on, so it borrows the memory
/// that the first contribution came in, and gives it back.
final class Gradient {
    private final Memory memory;
    private final DType dtype;
    private final int size;
    private Buffer sum; // meaningless unless something has arrived
    private boolean arrived;
    private boolean retain;
    private Buffer retained;

    Gradient(Memory memory, DType dtype, int size) {
        this.memory = memory;
        this.dtype = dtype;
        this.size = size;
    }

    /// What has arrived, or null.
    Buffer arrived() {
        return arrived ? sum : null;
    }

    /// What [#retain] asked to keep, or null.
    Buffer retained() {
        return retained;
    }

    /// Asks to keep the gradient of a computed tensor when it is passed on.
    void retain() {
        retain = true;
    }

    /// Forgets the sum, so that the next contribution replaces it. A leaf's memory is kept.
    void zero() {
        arrived = false;
        retained = null;
    }

    /// Where the next contribution is to be written, or added.
    Destination destination(boolean leaf) {
        if (!arrived) {
            if (sum == null) {
                sum = leaf ? BufferPool.allocateLasting(memory, dtype, size) : BufferPool.allocate(memory, dtype, size);
            }
            arrived = true;
            return new Destination(sum, false);
        }
        if (sum.shared() && !leaf) { // someone reads the first contribution: add to a copy
            Buffer own = sum.like(size);
            Kernels.of(sum).pointwise().affine(sum, 1, 0, new Destination(own, false));
            sum.release("its gradient was replaced");
            sum = own;
        }
        return new Destination(sum, true);
    }

    /// Adds a contribution that fills a buffer. The first one is shared, not copied, unless a leaf gets it.
    void add(Buffer contribution, boolean leaf) {
        if (!arrived && !leaf) {
            sum = contribution.share();
            arrived = true;
        } else {
            Kernels.of(contribution).pointwise().affine(contribution, 1, 0, destination(leaf));
        }
    }

    /// Runs the backward of the operation that computed the tensor on the gradient that has arrived, then
    /// frees that gradient.
    void passBack(Backward rule) {
        if (!arrived) {
            return;
        }
        if (retain) {
            boolean first = retained == null;
            if (first) {
                retained = sum.lastingLike(size);
            }
            Kernels.of(sum).pointwise().affine(sum, 1, 0, new Destination(retained, !first));
        }
        rule.run(sum);
        drop();
    }

    /// Frees the gradient that has arrived at a computed tensor, so that the next backward starts from zero.
    void drop() {
        if (arrived) {
            sum.release("its gradient was used; call retainGrad() to keep it");
            sum = null;
            arrived = false;
        }
    }
}
