package gradus.tensor.kernel;

import static gradus.tensor.Near.assertNear;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.kernel.KernelCases.Call;
import gradus.tensor.kernel.QuantizedKernels.Window;
import gradus.tensor.kernel.cuda.Emulator;
import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.BufferPool;
import gradus.tensor.quant.BlockFormat;
import gradus.tensor.quant.HalfScales;
import gradus.tensor.quant.Nf4;
import gradus.tensor.quant.Q4_0;
import gradus.tensor.quant.Q8_0;
import gradus.tensor.quant.QuantizedMatrix;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Quantised matrices on the emulated card.
class CudaQuantizedTest {
    private static final int DRAWS = 200;

    private final Optional<Emulator> emulator = Emulator.start();
    private final Device host = Device.named("host");
    private final Device before = Device.current();
    private Device gpu;

    enum Format {
        NF4(new Nf4(), false),
        NF4_DOUBLE(new Nf4(), true),
        Q8_0(new Q8_0(), false),
        Q4_0(new Q4_0(), false);

        private final BlockFormat format;
        private final boolean twice;

        Format(BlockFormat format, boolean twice) {
            this.format = format;
            this.twice = twice;
        }

        QuantizedMatrix quantize(Tensor weight) {
            QuantizedMatrix matrix = weight.quantize(format);
            return twice ? matrix.doubleQuantized() : matrix;
        }
    }

    @BeforeEach
    void computeOnTheCard() {
        assumeTrue(emulator.isPresent(), "the emulated card needs g++");
        gpu = emulator.get().device();
        Device.use(gpu);
    }

    @AfterEach
    void computeWhereItWas() {
        Device.use(before);
        emulator.ifPresent(card -> assertThat(card.complaint()).isEmpty());
    }

    private Kernels kernels() {
        return gpu.kernels(DType.FLOAT32);
    }

    @ParameterizedTest
    @EnumSource(Format.class)
    void decodesWhatTheHostDecodesToTheBit(Format format) {
        for (int seed = 0; seed < DRAWS; seed++) {
            try (var scope = Scope.open()) {
                Call c = new Call(kernels(), gpu.memory(), kernels(), seed, false);
                int rows = c.size();
                int columns = format.format.acrossRows() ? c.size() : 32 * c.small();
                QuantizedMatrix matrix = QuantizedCases.matrix(c, format.format, format.twice, rows, columns);
                Window window = QuantizedCases.window(c, rows, columns);
                assertThat(decoded(matrix, window))
                        .as("seed %d, %s of %s", seed, window, matrix)
                        .containsExactly(QuantizedCases.onHost(matrix, window));
            }
        }
    }

    private float[] decoded(QuantizedMatrix matrix, Window window) {
        Buffer into = BufferPool.allocate(gpu.memory(), DType.FLOAT32, window.rows() * window.columns());
        kernels().quantized().dequantize(matrix, window, into);
        return into.toFloats();
    }

    /// A float16 has 65,536 values: a block for each.
    @Test
    void everyScaleOf16BitsIsReadAsTheHostReadsIt() {
        short[] halves = new short[1 << Short.SIZE];
        for (int i = 0; i < halves.length; i++) {
            halves[i] = (short) i;
        }
        byte[] codes = new byte[32 * halves.length];
        Arrays.fill(codes, (byte) -3);
        QuantizedMatrix matrix = new QuantizedMatrix(
                halves.length, 32, new Q8_0(), MemorySegment.ofArray(codes), new HalfScales(halves));
        Window oneOfEach = new Window(0, halves.length, 5, 6);
        assertThat(decoded(matrix, oneOfEach)).containsExactly(QuantizedCases.onHost(matrix, oneOfEach));
    }

    /// In three strips, the last a short one.
    @ParameterizedTest
    @EnumSource(Format.class)
    void productsAndTheirGradientsAreThoseOfTheHost(Format format) {
        int rows = 2 * 1024 + 40;
        int columns = 1024;
        Function<Device, double[][]> run = device -> {
            Device.use(device);
            try (var scope = Scope.open()) {
                QuantizedMatrix w = format.quantize(Tensor.randn(Rng.of(1), rows, columns));
                Tensor x = Tensor.randn(Rng.of(2), 3, columns).requireGrad();
                Tensor y = x.linear(w);
                assertThat(y.buffer().memory()).isSameAs(device.memory());
                y.backward(Tensor.randn(Rng.of(3), 3, rows));
                return new double[][] {y.toArray(), x.grad().toArray()};
            }
        };
        double[][] expected = run.apply(host);
        double[][] actual = run.apply(gpu);
        for (int i = 0; i < expected.length; i++) {
            assertNear(actual[i], expected[i], 1e-5);
        }
    }

    /// Whatever a user's own format does, the host decodes it.
    @Test
    void aFormatWithoutATableIsDecodedByTheHost() {
        QuantizedMatrix w = Tensor.randn(Rng.of(1), 5, 4).quantize(new Signs());
        Tensor x = Tensor.randn(Rng.of(2), 3, 4);
        assertNear(
                x.linear(w).toArray(),
                x.matmul(Tensor.of(w).to(gpu).transpose(0, 1)).toArray(),
                1e-5);
    }

    /// The sign alone, and the mean of magnitudes.
    private static final class Signs implements BlockFormat {
        @Override
        public String name() {
            return "sign";
        }

        @Override
        public int blockSize() {
            return 4;
        }

        @Override
        public int codeBytes(int count) {
            return count;
        }

        @Override
        public int scaleBytes() {
            return Float.BYTES;
        }

        @Override
        public boolean acrossRows() {
            return false;
        }

        @Override
        public double largest() {
            return 1e30;
        }

        @Override
        public float quantize(float[] values, int from, int count, byte[] codes, int at) {
            float sum = 0;
            for (int i = 0; i < count; i++) {
                sum += Math.abs(values[from + i]);
                codes[at + i] = (byte) (values[from + i] < 0 ? -1 : 1);
            }
            return sum / count;
        }

        @Override
        public void dequantize(byte[] codes, int at, float scale, int first, int count, float[] to, int into) {
            for (int i = 0; i < count; i++) {
                to[into + i] = codes[at + first + i] * scale;
            }
        }

        @Override
        public double errorBound(float scale) {
            return 1e30;
        }
    }

    /// The codes are copied once, stay 4 bits, and go with the matrix.
    @Test
    void aMatrixLiesOnTheCardAsLongAsItIsUsed() throws InterruptedException {
        product(); // compiles what it needs
        long live = live(0);
        QuantizedMatrix w =
                Tensor.randn(Rng.of(1), 300, 2000).quantize(new Nf4()).doubleQuantized();
        long atFirst = taken(w);
        assertThat(atFirst).as("bytes for %s", w).isBetween(w.bytes(), (long) (1.2 * w.bytes()) + 4096);
        assertThat(taken(w)).as("bytes for the second product").isZero();
        assertThat(live(live)).as("blocks while the matrix is in use").isEqualTo(live + 5);
        assertThat(w.rows()).isEqualTo(300);
        w = null;
        assertThat(live(live)).as("blocks when nobody has it").isEqualTo(live);
    }

    private void product() {
        try (var scope = Scope.open()) {
            Tensor.ones(2, 20)
                    .linear(Tensor.randn(Rng.of(1), 3, 20).quantize(new Nf4()).doubleQuantized());
        }
    }

    /// How many bytes of tensors a product leaves behind.
    private long taken(QuantizedMatrix w) {
        long before = inUse();
        try (var scope = Scope.open()) {
            Tensor.ones(2, w.columns()).linear(w);
        }
        return inUse() - before;
    }

    private static long inUse() {
        var statistics = BufferPool.statistics();
        return statistics.bytesHeld() - statistics.bytesFree();
    }

    /// How many blocks there are when the garbage collector has found what it finds.
    private long live(long least) throws InterruptedException {
        long live = Long.MAX_VALUE;
        for (int unchanged = 0; unchanged < 15 && live > least; unchanged++) {
            System.gc();
            Thread.sleep(20);
            BufferPool.trim();
            long now = emulator.get().live();
            unchanged = now == live ? unchanged : 0;
            live = now;
        }
        return live;
    }
}
