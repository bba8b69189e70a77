package gradus.tensor.kernel.cuda;

import gradus.tensor.kernel.AttentionKernels;
import gradus.tensor.kernel.CrossEntropyKernels;
import gradus.tensor.kernel.DropoutKernels;
import gradus.tensor.kernel.GateKernels;
import gradus.tensor.kernel.Kernels;
import gradus.tensor.kernel.MovementKernels;
import gradus.tensor.kernel.NormKernels;
import gradus.tensor.kernel.OptimizerKernels;
import gradus.tensor.kernel.PointwiseKernels;
import gradus.tensor.kernel.ProductKernels;
import gradus.tensor.kernel.QuantizedKernels;
import gradus.tensor.kernel.ReductionKernels;
import gradus.tensor.kernel.RopeKernels;
import gradus.tensor.kernel.SoftmaxKernels;

/// The kernels for float32 on a card. Each class here calls those of one `.cu` file of
/// `tensor/src/main/cuda`, which say how the work is divided.
final class CudaKernels implements Kernels {
    private final CudaPointwise pointwise;
    private final CudaReductions reductions;
    private final CudaMovements movements;
    private final CudaProducts products;
    private final CudaNorms norms;
    private final CudaSoftmax softmax;
    private final CudaRope rope;
    private final CudaAttention attention;
    private final CudaOptimizers optimizers;
    private final CudaQuantized quantized;

    CudaKernels(Card card) {
        ManyBuffers many = new ManyBuffers(card);
        pointwise = new CudaPointwise(card, many);
        reductions = new CudaReductions(card, many);
        movements = new CudaMovements(card);
        products = new CudaProducts(card);
        norms = new CudaNorms(card, reductions);
        softmax = new CudaSoftmax(card);
        rope = new CudaRope(card);
        attention = new CudaAttention(card);
        optimizers = new CudaOptimizers(many);
        quantized = new CudaQuantized(card);
    }

    @Override
    public String name() {
        return "cuda";
    }

    @Override
    public PointwiseKernels pointwise() {
        return pointwise;
    }

    @Override
    public ReductionKernels reductions() {
        return reductions;
    }

    @Override
    public MovementKernels movements() {
        return movements;
    }

    @Override
    public ProductKernels products() {
        return products;
    }

    @Override
    public GateKernels gates() {
        return pointwise;
    }

    @Override
    public DropoutKernels dropout() {
        return pointwise;
    }

    @Override
    public NormKernels norms() {
        return norms;
    }

    @Override
    public SoftmaxKernels softmax() {
        return softmax;
    }

    @Override
    public CrossEntropyKernels crossEntropy() {
        return softmax;
    }

    @Override
    public RopeKernels rope() {
        return rope;
    }

    @Override
    public AttentionKernels attention() {
        return attention;
    }

    @Override
    public OptimizerKernels optimizers() {
        return optimizers;
    }

    @Override
    public QuantizedKernels quantized() {
        return quantized;
    }
}
