package gradus.tensor.kernel;

import gradus.tensor.memory.Buffer;
import gradus.tensor.type.DType;

/// The arithmetic on buffers, by families, and the only place that touches their memory. There is one
/// implementation for each kind of memory and type: [gradus.tensor.kernel.nd4j.Nd4jKernels] says each kernel
/// in ND4J's own operations and defines what it means; [gradus.tensor.kernel.vector.VectorKernels] says the
/// same for float32 on the CPU, fast.
///
/// Every implementation has the first four families. The others fuse what these can say in several calls, and an
/// implementation that lacks one gives null: operations then run their plain composition.
///
/// Callers have checked every shape and index. A [gradus.tensor.memory.Destination] of null is a gradient
/// nobody wants. What a kernel writes to counts as changed in place.
public interface Kernels {
    /// The kernels for the memory and type of a buffer.
    static Kernels of(Buffer buffer) {
        return Devices.of(buffer.memory()).kernels(buffer.dtype());
    }

    /// The kernels for new tensors of a type, see [Device#current].
    static Kernels of(DType dtype) {
        return Devices.current().kernels(dtype);
    }

    /// The name that the system property `gradus.kernels` knows these by.
    String name();

    PointwiseKernels pointwise();

    ReductionKernels reductions();

    MovementKernels movements();

    ProductKernels products();

    default GateKernels gates() {
        return null;
    }

    default DropoutKernels dropout() {
        return null;
    }

    default NormKernels norms() {
        return null;
    }

    default SoftmaxKernels softmax() {
        return null;
    }

    default CrossEntropyKernels crossEntropy() {
        return null;
    }

    default RopeKernels rope() {
        return null;
    }

    default AttentionKernels attention() {
        return null;
    }

    default OptimizerKernels optimizers() {
        return null;
    }

    default QuantizedKernels quantized() {
        return null;
    }
}
