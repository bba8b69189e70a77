package gradus.tensor.kernel;

import gradus.tensor.memory.Buffer;

/// One step of an optimiser on a parameter and its state, in one pass over the memory.
public interface OptimizerKernels {

    /// One AdamW step on a parameter, its mean m and mean of squares v, in place.
    void adamW(AdamWStep step, Buffer parameter, Buffer gradient, Buffer m, Buffer v);
}
