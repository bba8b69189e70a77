package gradus.bench;

import gradus.tensor.Tensor;
import gradus.tensor.kernel.AdamWStep;
import gradus.tensor.kernel.AttentionKernels.AttentionInput;
import gradus.tensor.kernel.AttentionKernels.AttentionOutput;
import gradus.tensor.kernel.AttentionKernels.AttentionShape;
import gradus.tensor.kernel.AttentionKernels.HeadGradients;
import gradus.tensor.kernel.AttentionKernels.Heads;
import gradus.tensor.kernel.CrossEntropyKernels.Targets;
import gradus.tensor.kernel.Gate;
import gradus.tensor.kernel.Kernels;
import gradus.tensor.kernel.NormKernels.Norm;
import gradus.tensor.kernel.NormKernels.NormGradients;
import gradus.tensor.kernel.OptimizerKernels.AdamWUpdate;
import gradus.tensor.kernel.RopePairs;
import gradus.tensor.kernel.Rotation;
import gradus.tensor.kernel.UnaryFunction;
import gradus.tensor.mask.KeyMask;
import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.Destination;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// Single kernels at the sizes of the medium model, 4,096 rows of 384 or 1,536, and of GPT-2's vocabulary.
/// Which kernels run, `vector` or `nd4j`, the system property `gradus.kernels` of the forked JVM says.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class KernelBenchmark {
    static final int BATCH = 16;
    static final int TIME = 256;
    static final int ROWS = BATCH * TIME;
    static final int CHANNELS = 384;
    static final int WIDE = 4 * CHANNELS;
    static final int HEADS = 6;
    static final int LOGIT_ROWS = 256;
    static final int VOCABULARY = 50_257;

    private final Kernels kernels = Kernels.of(DType.FLOAT32);
    private final Buffer x = random(1, ROWS * WIDE);
    private final Buffer y = random(2, ROWS * WIDE);
    private final Buffer dy = random(3, ROWS * WIDE);
    private final Destination dx = new Destination(random(4, ROWS * WIDE), false);
    private final Buffer other = random(19, ROWS * WIDE);
    private final Destination dOther = new Destination(random(20, ROWS * WIDE), false);
    private final Buffer gain = random(5, CHANNELS);
    private final Buffer bias = random(6, CHANNELS);
    private final Destination dgain = new Destination(random(7, CHANNELS), false);
    private final Destination dbias = new Destination(random(8, CHANNELS), false);
    private final Norm layerNorm = new Norm(y, random(9, ROWS), random(10, ROWS));
    private final Norm rmsNorm = new Norm(y, null, random(11, ROWS));
    private final Buffer logits = random(12, LOGIT_ROWS * VOCABULARY);
    private final Destination dlogits = new Destination(random(13, LOGIT_ROWS * VOCABULARY), false);
    private final Buffer losses = random(14, LOGIT_ROWS);
    private final Buffer lse = random(15, LOGIT_ROWS);
    private final Targets targets = new Targets(indices(LOGIT_ROWS, VOCABULARY), -100, 0);
    private final int[] ids = indices(ROWS, VOCABULARY);
    private final Destination table = new Destination(random(16, VOCABULARY * CHANNELS), true);
    private final Buffer heads = random(17, BATCH * HEADS * TIME);
    private final AttentionShape attention =
            new AttentionShape(BATCH, TIME, TIME, HEADS, HEADS, CHANNELS / HEADS, 0.125, KeyMask.causal());

    private final Rotation rotation = new Rotation(
            random(18, TIME * CHANNELS / HEADS / 2),
            random(19, TIME * CHANNELS / HEADS / 2),
            IntStream.range(0, TIME).toArray(),
            HEADS,
            CHANNELS / HEADS,
            RopePairs.HALVES,
            false);
    private final Buffer narrow = random(20, ROWS * CHANNELS);
    private final Destination rotated = new Destination(random(21, ROWS * CHANNELS), false);

    private static Buffer random(int stream, int size) {
        return Tensor.rand(Rng.of(stream), size).keep().buffer();
    }

    private static int[] indices(int count, int bound) {
        int[] indices = new int[count];
        for (int i = 0; i < count; i++) {
            indices[i] = Rng.of(18).index(i, bound);
        }
        return indices;
    }

    private Heads packed(Buffer buffer, int which) {
        return new Heads(buffer, which * CHANNELS, 3 * CHANNELS, TIME * 3 * CHANNELS);
    }

    private AttentionInput packed(Buffer buffer) {
        return new AttentionInput(packed(buffer, 0), packed(buffer, 1), packed(buffer, 2));
    }

    /// What memory allows: one buffer read, one written.
    @Benchmark
    public void copy() {
        kernels.pointwise().affine(x, 1, 0, dx);
    }

    @Benchmark
    public void geluForward() {
        kernels.pointwise().unary(UnaryFunction.GELU_TANH, x, y);
    }

    @Benchmark
    public void geluBackward() {
        kernels.pointwise().unaryBackward(UnaryFunction.GELU_TANH, x, y, dy, dx);
    }

    /// The gated units of SwiGLU.
    @Benchmark
    public void swiGluForward() {
        kernels.gates().gated(Gate.SILU, x, other, y);
    }

    @Benchmark
    public void swiGluBackward() {
        kernels.gates().gatedBackward(Gate.SILU, x, other, dy, dx, dOther);
    }

    @Benchmark
    public void layerNormForward() {
        kernels.norms().layerNorm(x, gain, bias, 1e-5, ROWS, CHANNELS, layerNorm);
    }

    @Benchmark
    public void layerNormBackward() {
        kernels.norms().layerNormBackward(x, gain, layerNorm, dy, ROWS, CHANNELS, new NormGradients(dx, dgain, dbias));
    }

    @Benchmark
    public void rmsNormForward() {
        kernels.norms().rmsNorm(x, gain, 1e-5, ROWS, CHANNELS, rmsNorm);
    }

    @Benchmark
    public void rmsNormBackward() {
        kernels.norms().rmsNormBackward(x, gain, rmsNorm, dy, ROWS, CHANNELS, new NormGradients(dx, dgain, null));
    }

    @Benchmark
    public void crossEntropyForward() {
        kernels.crossEntropy().crossEntropy(logits, LOGIT_ROWS, VOCABULARY, targets, losses, lse);
    }

    @Benchmark
    public void crossEntropyBackward() {
        kernels.crossEntropy().crossEntropyBackward(logits, LOGIT_ROWS, VOCABULARY, targets, lse, losses, dlogits);
    }

    /// One direction is as the other.
    @Benchmark
    public void rope() {
        kernels.rope().rotate(narrow, rotation, rotated);
    }

    @Benchmark
    public void attentionForward() {
        kernels.attention().attention(attention, packed(x), new AttentionOutput(y, heads));
    }

    @Benchmark
    public void attentionBackward() {
        Buffer gradient = dx.buffer();
        HeadGradients gradients =
                new HeadGradients(packed(gradient, 0), packed(gradient, 1), packed(gradient, 2), false);
        kernels.attention()
                .attentionBackward(
                        attention, packed(x), new AttentionOutput(y, heads), new AttentionOutput(dy, null), gradients);
    }

    @Benchmark
    public void embeddingBackward() {
        kernels.movements().scatterAdd(dy, 1, VOCABULARY, CHANNELS, ids, table);
    }

    @Benchmark
    public void adamW() {
        kernels.optimizers()
                .adamW(List.of(new AdamWUpdate(new AdamWStep(1e-3, 0.9, 0.99, 1e-8, 0.1, 10), x, y, dx.buffer(), dy)));
    }
}
