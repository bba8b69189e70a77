package gradus.tensor.kernel.nd4j;

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
import gradus.tensor.memory.Backend;

/// Each kernel in ND4J's own operations: the definition, for every backend and type. Its results are new
/// arrays that are then put where they belong, and whose memory the next kernel reuses
/// ([Nd4jViews#temporarily]); speed is the business of other implementations.
public final class Nd4jKernels implements Kernels {
    private final PointwiseKernels pointwise = new Nd4jPointwise();
    private final ReductionKernels reductions = new Nd4jReductions();
    private final MovementKernels movements = new Nd4jMovements();
    private final ProductKernels products = new Nd4jProducts();
    private final GateKernels gates = new Nd4jGates();
    private final DropoutKernels dropout = new Nd4jDropout();
    private final NormKernels norms = new Nd4jNorms();
    private final SoftmaxKernels softmax = new Nd4jSoftmax();
    private final CrossEntropyKernels crossEntropy = new Nd4jCrossEntropy();
    private final RopeKernels rope = new Nd4jRope();
    private final AttentionKernels attention = new Nd4jAttention();
    private final OptimizerKernels optimizers = new Nd4jOptimizers();

    private static volatile Nd4jKernels only;

    private Nd4jKernels() {}

    /// The only ones. Starts ND4J.
    ///
    /// @throws gradus.error.ResourceException if no backend of it runs on this machine
    public static Nd4jKernels get() {
        if (only == null) {
            Backend.start();
            only = new Nd4jKernels();
        }
        return only;
    }

    @Override
    public String name() {
        return "nd4j";
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
