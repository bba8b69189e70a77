package gradus.tensor.kernel.nd4j;

import gradus.tensor.kernel.Matrix;
import gradus.tensor.kernel.Strided;
import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.Destination;
import gradus.tensor.type.DType;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.memory.enums.AllocationPolicy;
import org.nd4j.linalg.api.memory.enums.LearningPolicy;
import org.nd4j.linalg.api.memory.enums.SpillPolicy;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.factory.ops.NDBase;

/// How the ND4J kernels look at buffers.
final class Nd4jViews {
    static final NDBase OPS = new NDBase();

    private static final WorkspaceConfiguration TEMPORARIES = WorkspaceConfiguration.builder()
            .policyAllocation(AllocationPolicy.STRICT)
            .policyLearning(LearningPolicy.FIRST_LOOP)
            .policySpill(SpillPolicy.REALLOCATE)
            .build();

    private Nd4jViews() {}

    /// Runs a kernel whose intermediate arrays live in a workspace and end with it. Left to the garbage
    /// collector they would pile up off the heap, where it does not see them.
    static void temporarily(Runnable kernel) {
        try (MemoryWorkspace workspace =
                Nd4j.getWorkspaceManager().getAndActivateWorkspace(TEMPORARIES, "gradus kernels")) {
            kernel.run();
        }
    }

    /// All elements of a buffer in one row.
    static INDArray flat(Buffer buffer) {
        return buffer.view(buffer.length());
    }

    /// The elements met on a walk, in the walk's shape; a copy where an axis is repeated, else a view.
    static INDArray read(Buffer x, Strided walk) {
        INDArray once = once(x, walk);
        long[] dims = shape(walk);
        return Arrays.equals(once.shape(), dims) ? once : once.broadcast(dims);
    }

    /// The places met on a walk, each once: a repeated axis has size 1.
    static INDArray once(Buffer x, Strided walk) {
        int rank = Math.max(1, walk.dims().length);
        int[] dims = new int[rank];
        int[] strides = new int[rank];
        Arrays.fill(dims, 1);
        Arrays.fill(strides, 1);
        for (int axis = 0; axis < walk.dims().length; axis++) {
            if (walk.strides()[axis] != 0) {
                dims[axis] = walk.dims()[axis];
                strides[axis] = walk.strides()[axis];
            }
        }
        return x.view(walk.offset(), dims, strides);
    }

    /// The axes that a walk repeats.
    static int[] repeated(Strided walk) {
        return IntStream.range(0, walk.dims().length)
                .filter(axis -> walk.strides()[axis] == 0)
                .toArray();
    }

    /// The dimensions of a walk as ND4J wants them, a scalar as one element.
    static long[] shape(Strided walk) {
        return walk.dims().length == 0
                ? new long[] {1}
                : Arrays.stream(walk.dims()).asLongStream().toArray();
    }

    /// Matrix number b of a batch. A transposed one is the same memory with its strides exchanged.
    static INDArray matrix(Matrix m, int b) {
        int[] dims = {m.rows(), m.columns()};
        int[] strides = m.transposed() ? new int[] {1, m.stride()} : new int[] {m.stride(), 1};
        return m.buffer().view(m.offset() + b * m.batchStride(), dims, strides);
    }

    /// Puts a value into a view of the same shape, or adds it to what is there.
    static void put(INDArray value, INDArray y, boolean accumulate) {
        if (accumulate) {
            y.addi(value);
        } else {
            y.assign(value);
        }
    }

    /// Puts a value into a contiguous destination, or adds it there. Nobody wants it where the destination is
    /// null.
    static void put(INDArray value, Destination y) {
        if (y != null) {
            int[] dims = Arrays.stream(value.shape()).mapToInt(Math::toIntExact).toArray();
            put(value, y.buffer().view(dims), y.accumulate());
        }
    }

    /// Whole numbers on the device.
    static INDArray integers(int[] values) {
        return Nd4j.createFromArray(values);
    }

    /// Numbers made on the heap, on the device in a buffer's type.
    static INDArray numbers(double[] values, DType type) {
        return Nd4j.createFromArray(values).castTo(type.nd4j());
    }

    /// The most negative finite number of a type. As a floor for maxima it keeps `-∞ - max` of an empty row
    /// at -∞, where `-∞ - (-∞)` would be NaN.
    static double lowest(DType type) {
        return type == DType.FLOAT32 ? -Float.MAX_VALUE : -Double.MAX_VALUE;
    }
}
