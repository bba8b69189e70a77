package gradus.lessons.backward;

import gradus.tensor.Tensor;

/// The backward pass of broadcasting.
public final class SumTo {
    private SumTo() {}

    /// The gradient of a tensor that was broadcast. A tensor x of shape `dims` was stretched to the shape of
    /// `gradient`: aligned at the last axis, its axes of size 1 repeated, missing axes added in front. Every
    /// copy of an element got a gradient of its own; the element's gradient is the sum over its copies.
    ///
    /// **Shapes** gradient (the broadcast shape) → exactly `dims`, which may have no axes, and may be the
    ///   same shape
    public static Tensor sumTo(int[] dims, Tensor gradient) {
        // --- your answer
        Tensor sum = gradient;
        while (sum.rank() > dims.length) {
            sum = sum.sum(0); // an axis that x did not have
        }
        for (int axis = 0; axis < dims.length; axis++) {
            if (dims[axis] == 1) {
                sum = sum.sum(axis, true); // an axis that was stretched
            }
        }
        return sum;
        // ---
    }
}
