package gradus.tensor.kernel.cuda;

import gradus.tensor.kernel.BinaryFunction;
import gradus.tensor.kernel.DropoutKernels;
import gradus.tensor.kernel.Gate;
import gradus.tensor.kernel.GateKernels;
import gradus.tensor.kernel.PointwiseKernels;
import gradus.tensor.kernel.Strided;
import gradus.tensor.kernel.UnaryFunction;
import gradus.tensor.kernel.Walks;
import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.Destination;
import gradus.tensor.random.Rng;
import java.util.List;

/// `pointwise.cu`: one element at a time.
final class CudaPointwise implements PointwiseKernels, GateKernels, DropoutKernels {
    private static final int THREADS = 256;
    private static final int GROUP = 4; // elements that a thread of the kernels by float4 takes

    private final Card card;
    private final ManyBuffers many;
    private final CudaFunction affine;
    private final CudaFunction unary;
    private final CudaFunction unaryBackward;
    private final CudaFunction binary;
    private final CudaFunction binaryStrided;
    private final CudaFunction gated;
    private final CudaFunction gatedBackward;
    private final CudaFunction dropout;

    CudaPointwise(Card card, ManyBuffers many) {
        this.card = card;
        this.many = many;
        affine = card.function("pointwise", "affine");
        unary = card.function("pointwise", "unary");
        unaryBackward = card.function("pointwise", "unary_backward");
        binary = card.function("pointwise", "binary");
        binaryStrided = card.function("pointwise", "binary_strided");
        gated = card.function("pointwise", "gated");
        gatedBackward = card.function("pointwise", "gated_backward");
        dropout = card.function("pointwise", "dropout");
    }

    /// Blocks of 256 threads for one thread an element.
    static int blocks(int elements) {
        return (int) ((elements + THREADS - 1L) / THREADS);
    }

    private static int groups(int elements) {
        return (int) ((elements + GROUP - 1L) / GROUP);
    }

    @Override
    public void fill(Buffer y, double value) {
        y.changed();
        card.launches();
        card.driver.fill(card.address(y), (float) value, y.length(), card.stream);
    }

    @Override
    public void affine(Buffer x, double scale, double shift, Destination y) {
        if (y == null) {
            return;
        }
        int groups = groups(x.length());
        affine.begin()
                .buffer(x)
                .real((float) scale)
                .real((float) shift)
                .destination(y)
                .integer(groups)
                .blocks(blocks(groups))
                .run(THREADS);
    }

    @Override
    public void unary(UnaryFunction f, Buffer x, Buffer y) {
        unary.begin()
                .integer(f.ordinal())
                .buffer(x)
                .result(y)
                .integer(x.length())
                .blocks(blocks(x.length()))
                .run(THREADS);
    }

    @Override
    public void unaryBackward(UnaryFunction f, Buffer x, Buffer y, Buffer dy, Destination dx) {
        if (dx == null) {
            return;
        }
        unaryBackward
                .begin()
                .integer(f.ordinal())
                .buffer(x)
                .buffer(y)
                .buffer(dy)
                .destination(dx)
                .integer(x.length())
                .blocks(blocks(x.length()))
                .run(THREADS);
    }

    @Override
    public void binary(BinaryFunction f, Buffer a, Strided walkA, Buffer b, Strided walkB, Destination y) {
        if (y == null) {
            return;
        }
        Walks walks = new Walks(walkA, walkB);
        int count = walkA.size();
        if (isRun(walks, 0) && isRun(walks, 1)) {
            int groups = groups(count);
            binary.begin()
                    .integer(f.ordinal())
                    .buffer(a)
                    .buffer(b)
                    .destination(y)
                    .integer(groups)
                    .blocks(blocks(groups))
                    .run(THREADS);
            return;
        }
        ways(binaryStrided.begin().integer(f.ordinal()).buffer(a).buffer(b).destination(y), walks)
                .integer(count)
                .blocks(blocks(count))
                .run(THREADS);
    }

    /// Whether a way goes straight through its buffer from the first element on.
    private static boolean isRun(Walks walks, int way) {
        return walks.dims.length == 1 && walks.offsets[way] == 0 && walks.strides[way][0] == 1;
    }

    /// `struct TwoWays`
    static Launch ways(Launch launch, Walks walks) {
        int rank = walks.dims.length;
        int[] ints = new int[1 + 8 + 2 + 16];
        ints[0] = rank;
        System.arraycopy(walks.dims, 0, ints, 1, rank);
        for (int way = 0; way < 2; way++) {
            ints[9 + way] = walks.offsets[way];
            System.arraycopy(walks.strides[way], 0, ints, 11 + 8 * way, rank);
        }
        return launch.struct(ints);
    }

    @Override
    public void scale(List<Buffer> xs, double factor) {
        many.scale(xs, (float) factor);
    }

    @Override
    public void gated(Gate gate, Buffer a, Buffer b, Buffer y) {
        gated.begin()
                .integer(gate.function().ordinal())
                .buffer(a)
                .buffer(b)
                .result(y)
                .integer(a.length())
                .blocks(blocks(a.length()))
                .run(THREADS);
    }

    @Override
    public void gatedBackward(Gate gate, Buffer a, Buffer b, Buffer dy, Destination da, Destination db) {
        gatedBackward
                .begin()
                .integer(gate.function().ordinal())
                .buffer(a)
                .buffer(b)
                .buffer(dy)
                .destination(da)
                .destination(db)
                .integer(a.length())
                .blocks(blocks(a.length()))
                .run(THREADS);
    }

    @Override
    public void dropout(Buffer x, Rng rng, double p, Destination y) {
        if (y == null) {
            return;
        }
        dropout.begin()
                .buffer(x)
                .number(rng.key())
                .number((long) Math.ceil(p * 0x1p53)) // uniform = (bits >>> 11)·2⁻⁵³ ≥ p, compared as whole numbers
                .real(p < 1 ? (float) (1 / (1 - p)) : 0)
                .destination(y)
                .integer(x.length())
                .blocks(blocks(x.length()))
                .run(THREADS);
    }
}
