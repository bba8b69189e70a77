package gradus.tensor.kernel.cuda;

import gradus.tensor.kernel.OptimizerKernels;
import java.util.List;

/// AdamW, all parameters in one launch.
final class CudaOptimizers implements OptimizerKernels {
    private final ManyBuffers many;

    CudaOptimizers(ManyBuffers many) {
        this.many = many;
    }

    @Override
    public void adamW(List<AdamWUpdate> updates) {
        many.adamW(updates);
    }
}
