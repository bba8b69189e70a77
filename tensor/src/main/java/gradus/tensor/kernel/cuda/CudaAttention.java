package gradus.tensor.kernel.cuda;

import static gradus.tensor.kernel.cuda.SeenKeys.tilesOf;

import gradus.error.ResourceException;
import gradus.tensor.kernel.AttentionKernels;
import gradus.tensor.kernel.AttentionKernels.AttentionInput;
import gradus.tensor.kernel.AttentionKernels.AttentionOutput;
import gradus.tensor.kernel.AttentionKernels.AttentionShape;
import gradus.tensor.kernel.AttentionKernels.Heads;
import gradus.tensor.memory.Buffer;
import java.util.HashSet;
import java.util.Set;

/// `attention.cu` and `attention_backward.cu`: nothing as large as the logits is ever held, and no sum is shared by
/// several blocks.
final class CudaAttention implements AttentionKernels {
    private static final int THREADS = 128;
    private static final int THREADS_OF_ROWS = 256;
    private static final int PART = 64; // of a head, for those that are larger
    private static final int KEY_GRADIENT_BYTES = 56 << 10;
    private static final int FEW_QUERIES = 8;
    private static final int LARGEST_OF_FEW = 128;

    private final Card card;
    private final SeenKeys seen;
    private final BySize forward;
    private final BySize queryGradient;
    private final BySize keyGradients;
    private final CudaFunction one;
    private final CudaFunction largeOne;
    private final CudaFunction delta;
    private final CudaFunction biasGradient;

    CudaAttention(Card card) {
        this.card = card;
        seen = new SeenKeys(card);
        forward = new BySize(card, "attention", "attention", 0);
        queryGradient = new BySize(card, "attention_backward", "attention_dq", 0);
        keyGradients = new BySize(card, "attention_backward", "attention_dkv", KEY_GRADIENT_BYTES);
        one = card.function("attention", "attention_one_64");
        largeOne = card.function("attention", "attention_one_128");
        delta = card.function("attention_backward", "attention_delta");
        biasGradient = card.function("attention_backward", "attention_dbias");
    }

    /// A kernel that there is three times: for heads of at most 32 numbers, of at most 64, and for larger ones, which
    /// come in parts. The last two may need shared memory by launch.
    private static final class BySize {
        private final CudaFunction small;
        private final CudaFunction medium;
        private final CudaFunction large;
        private final int bytes;
        private final Set<CudaFunction> asked = new HashSet<>();

        BySize(Card card, String module, String name, int bytes) {
            small = card.function(module, name + "_32");
            medium = card.function(module, name + "_64");
            large = card.function(module, name + "_parts");
            this.bytes = bytes;
        }

        Launch begin(AttentionShape s, int tiles, int heads) {
            int size = s.headDim();
            CudaFunction function = size <= 32 ? small : size <= PART ? medium : large;
            int shared = function == small ? 0 : bytes;
            if (asked.add(function)) {
                function.withSharedMemory(shared);
            }
            return function.begin().shared(shared).blocks(tiles * s.batch() * heads, (size + PART - 1) / PART, 1);
        }
    }

    @Override
    public synchronized void attention(AttentionShape s, AttentionInput in, AttentionOutput out) {
        boolean few = s.queries() <= FEW_QUERIES && s.headDim() <= LARGEST_OF_FEW;
        Launch launch = few
                ? (s.headDim() <= PART ? one : largeOne).begin().blocks(s.batch() * s.heads() * s.queries())
                : forward.begin(s, tilesOf(s.queries()), s.heads());
        shape(launch, s, in, isAligned(s, in.q(), in.k(), in.v()))
                .result(out.out())
                .result(out.lse())
                .run(few ? THREADS_OF_ROWS : THREADS);
    }

    @Override
    public synchronized void attentionBackward(
            AttentionShape s, AttentionInput in, AttentionOutput saved, AttentionOutput upstream, HeadGradients g) {
        int rows = s.batch() * s.heads() * s.queries();
        boolean aligned = isAligned(s, in.q(), in.k(), in.v()) && isAligned(s, g.dq(), g.dk(), g.dv());
        boolean biased = in.bias() != null && g.dbias() != null;
        int blocks = tilesOf(s.queries());
        Buffer deltas = in.q().buffer().like(rows);
        Buffer partial = biased ? in.q().buffer().like(entriesOfPartial(s, blocks)) : null;
        delta.begin()
                .buffer(saved.out())
                .buffer(upstream.out())
                .buffer(upstream.lse())
                .integer(rows)
                .integer(s.queries())
                .integer(s.heads())
                .integer(s.headDim())
                .buffer(deltas)
                .blocks((rows + THREADS_OF_ROWS / 32 - 1) / (THREADS_OF_ROWS / 32))
                .run(THREADS_OF_ROWS);
        Launch launch = shape(queryGradient.begin(s, blocks, s.heads()), s, in, aligned)
                .buffer(upstream.out())
                .buffer(saved.lse())
                .buffer(deltas);
        gradient(launch, g.dq()).integer(g.accumulate() ? 1 : 0).buffer(partial).run(THREADS);
        launch = shape(keyGradients.begin(s, tilesOf(s.keys()), s.kvHeads()), s, in, aligned)
                .buffer(upstream.out())
                .buffer(saved.lse())
                .buffer(deltas);
        gradient(gradient(launch, g.dk()), g.dv())
                .integer(g.accumulate() ? 1 : 0)
                .run(THREADS);
        deltas.release("the kernels that use it have been ordered");
        if (biased) {
            int entries = s.heads() * s.distances();
            biasGradient
                    .begin()
                    .buffer(partial)
                    .integer(s.batch())
                    .integer(s.heads())
                    .integer(s.queries())
                    .integer(s.keys())
                    .destination(g.dbias())
                    .blocks((entries + THREADS_OF_ROWS - 1) / THREADS_OF_ROWS)
                    .run(THREADS_OF_ROWS);
            partial.release("the kernel that uses it has been ordered");
        }
    }

    private static int entriesOfPartial(AttentionShape s, int blocks) {
        long entries = (long) s.batch() * s.heads() * blocks * (s.keys() + SeenKeys.TILE - 1);
        if (entries > Integer.MAX_VALUE) {
            throw new ResourceException("gpu: the gradient of an attention's bias by " + s.queries() + " queries and "
                    + s.keys() + " keys does not fit; use a smaller batch or context");
        }
        return (int) entries;
    }

    /// The struct `Attention` of `attention.cuh`.
    private Launch shape(Launch launch, AttentionShape s, AttentionInput in, boolean aligned) {
        SeenKeys.Copy mask = seen.of(s);
        long numbers = card.address(mask.numbers());
        long[] pointers = {
            address(in.q()),
            address(in.k()),
            address(in.v()),
            card.address(in.bias()),
            numbers,
            numbers + 4L * mask.bounds(),
            numbers + 4L * mask.tiles()
        };
        return launch.struct(
                pointers,
                in.q().stride(),
                in.q().batchStride(),
                in.k().stride(),
                in.k().batchStride(),
                in.v().stride(),
                in.v().batchStride(),
                s.queries(),
                s.keys(),
                s.heads(),
                s.heads() / s.kvHeads(),
                s.headDim(),
                mask.sequenceSets(),
                mask.headSets(),
                aligned ? 1 : 0,
                Float.floatToRawIntBits((float) s.scale()));
    }

    private static Launch gradient(Launch launch, Heads heads) {
        heads.buffer().changed();
        return launch.buffer(heads.buffer(), heads.offset())
                .integer(heads.stride())
                .integer(heads.batchStride());
    }

    private long address(Heads heads) {
        return card.address(heads.buffer()) + 4L * heads.offset();
    }

    /// Whether every fourth number of every head lies at a multiple of 16 bytes, so that four are read at once.
    private static boolean isAligned(AttentionShape s, Heads... all) {
        int bits = s.headDim();
        for (Heads heads : all) {
            bits |= heads.offset() | heads.stride() | heads.batchStride();
        }
        return bits % 4 == 0;
    }
}
