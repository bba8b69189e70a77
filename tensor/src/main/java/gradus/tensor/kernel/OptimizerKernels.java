package gradus.tensor.kernel;

import gradus.tensor.memory.Buffer;
import java.util.List;

/// The last part of a training step, on parameters and what an optimiser remembers of them. One call changes all
/// parameters: most are small, and a call for each would cost more than its work.
public interface OptimizerKernels {

    /// One AdamW step on each parameter, its mean m and its mean of squares v, in place.
    void adamW(List<AdamWUpdate> updates);

    /// What one AdamW step changes, and by what.
    record AdamWUpdate(AdamWStep step, Buffer parameter, Buffer gradient, Buffer m, Buffer v) {}
}
