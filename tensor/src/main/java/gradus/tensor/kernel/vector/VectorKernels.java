package gradus.tensor.kernel.vector;

import gradus.tensor.jvm.JvmFlags;
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
import gradus.tensor.kernel.ReductionKernels;
import gradus.tensor.kernel.RopeKernels;
import gradus.tensor.kernel.SoftmaxKernels;

/// The kernels for float32 on the CPU: `jdk.incubator.vector` over memory off the heap and ND4J's own
/// OpenBLAS, split over the cores by [Parallel].
public final class VectorKernels implements Kernels {
    private final PointwiseKernels pointwise = new VectorPointwise();
    private final ReductionKernels reductions = new VectorReductions();
    private final MovementKernels movements = new VectorMovements();
    private final ProductKernels products = new VectorProducts();
    private final GateKernels gates = new VectorGates();
    private final DropoutKernels dropout = new VectorDropout();
    private final NormKernels norms = new VectorNorms();
    private final SoftmaxKernels softmax = new VectorSoftmax();
    private final CrossEntropyKernels crossEntropy = new VectorCrossEntropy();
    private final RopeKernels rope = new VectorRope();
    private final AttentionKernels attention = new VectorAttention();
    private final OptimizerKernels optimizers = new VectorOptimizers();

    /// Whether this JVM has the vector module and OpenBLAS could be found.
    public static boolean available() {
        return JvmFlags.hasVectorModule() && Blas.available();
    }

    @Override
    public String name() {
        return "vector";
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
        return gates;
    }

    @Override
    public DropoutKernels dropout() {
        return dropout;
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
        return crossEntropy;
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
}
