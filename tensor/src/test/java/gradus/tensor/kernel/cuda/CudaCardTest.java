package gradus.tensor.kernel.cuda;

import static gradus.tensor.Near.assertNear;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import gradus.error.ConfigException;
import gradus.error.ResourceException;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.kernel.Device;
import gradus.tensor.mask.KeyMask;
import gradus.tensor.mask.Query;
import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.BufferPool;
import gradus.tensor.op.Attention;
import gradus.tensor.op.AttentionSettings;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A card's memory, copies and threads, on the emulated card: work waits there until somebody asks for it, and a page
/// that nobody may touch follows each block.
class CudaCardTest {
    private static final int HALF = 1 << 20; // floats of half the pinned ring

    private final Optional<Emulator> emulator = Emulator.start();
    private final Device before = Device.current();
    private CudaDevice gpu;
    private Card card;

    @BeforeEach
    void workWaits() {
        assumeTrue(emulator.isPresent(), "the emulated card needs g++");
        gpu = (CudaDevice) emulator.get().device();
        card = ((CudaMemory) gpu.memory()).card();
        Device.use(gpu);
        BufferPool.trim();
        emulator.get().set("gradusEmulatorLazy", 1);
        emulator.get().set("gradusEmulatorFence", 1);
    }

    @AfterEach
    void nothingWasFound() {
        Device.use(before);
        if (emulator.isPresent()) {
            gpu.synchronize();
            String complaint = emulator.get().complaint();
            emulator.get().reset();
            BufferPool.trim(); // blocks with fences are large
            assertThat(complaint).isEmpty();
        }
    }

    @Test
    void buffersOfEveryLengthGoThroughTheRingBothWays() {
        for (int length : new int[] {1, 15, 16, 17, HALF - 1, HALF, HALF + 1, 2 * HALF + 5}) {
            float[] floats = new float[length];
            double[] doubles = new double[length];
            for (int i = 0; i < length; i++) {
                floats[i] = i;
                doubles[i] = -i;
            }
            Buffer a = BufferPool.allocateLasting(gpu.memory(), DType.FLOAT32, length);
            Buffer b = BufferPool.allocateLasting(gpu.memory(), DType.FLOAT32, length);
            a.set(floats);
            b.set(doubles);
            assertThat(a.toFloats()).isEqualTo(floats);
            assertThat(b.toDoubles()).isEqualTo(doubles);
            assertThat(a.get(length - 1)).isEqualTo(length - 1);
            a.release("test");
            b.release("test");
        }
    }

    /// Far more than the ring holds is ordered before anybody waits.
    @Test
    void whatIsOrderedAheadIsNotOverwritten() {
        try (var scope = Scope.open()) {
            List<Buffer> buffers = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                float[] values = new float[200_000 + 1000 * i];
                Arrays.fill(values, i);
                buffers.add(Tensor.of(values, values.length).buffer());
            }
            for (int i = 0; i < buffers.size(); i++) {
                float[] values = buffers.get(i).toFloats();
                float[] wanted = new float[values.length];
                Arrays.fill(wanted, i);
                assertThat(Arrays.equals(values, wanted)).as("buffer %d", i).isTrue();
            }
        }
    }

    /// Tables of indices that are released while the kernels that read them still wait.
    @Test
    void memoryIsReusedInTheOrderOfWork() {
        try (var scope = Scope.open()) {
            List<Tensor> sums = new ArrayList<>();
            Tensor table = Tensor.arange(1000).reshape(1000, 1);
            for (int i = 0; i < 300; i++) {
                int at = i;
                int[] indices = new int[20];
                Arrays.setAll(indices, j -> (at * 7 + j) % 1000);
                try (var inner = Scope.open()) {
                    sums.add(table.indexSelect(0, Indices.of(indices))
                            .mul(2)
                            .sum()
                            .keep());
                }
            }
            for (int i = 0; i < sums.size(); i++) {
                double sum = 0;
                for (int j = 0; j < 20; j++) {
                    sum += 2 * ((i * 7 + j) % 1000);
                }
                assertThat(sums.get(i).item()).isEqualTo(sum);
            }
        }
    }

    /// More masks than are kept, in turn.
    @Test
    void masksMayComeAndGo() {
        record Window(int width) implements KeyMask {
            @Override
            public void see(Query query) {
                query.sees(Math.max(0, query.index() - width), query.index() + 1);
            }
        }
        IntFunction<double[]> results = device -> {
            Device.use(device == 0 ? Device.named("host") : gpu);
            List<Tensor> out = new ArrayList<>();
            try (var scope = Scope.open()) {
                for (int i = 0; i < 50; i++) {
                    Tensor x = Tensor.randn(Rng.of(i), 1, 9, 8);
                    out.add(Attention.apply(x, x, x, AttentionSettings.of(2, new Window(i % 20))));
                }
                return out.stream()
                        .flatMapToDouble(y -> Arrays.stream(y.toArray()))
                        .toArray();
            }
        };
        assertNear(results.apply(1), results.apply(0), 1e-5);
    }

    /// The same ranges among another number of keys make another table of tiles.
    @Test
    void aMaskIsKnownByItsSizesToo() {
        KeyMask first = query -> query.sees(0, 2);
        for (int keys : new int[] {9, 200}) {
            List<double[]> results = new ArrayList<>();
            for (Device device : List.of(Device.named("host"), gpu)) {
                Device.use(device);
                try (var scope = Scope.open()) {
                    Tensor q = Tensor.randn(Rng.of(1), 1, 9, 8);
                    Tensor k = Tensor.randn(Rng.of(2), 1, keys, 8);
                    results.add(Attention.apply(q, k, k, AttentionSettings.of(2, first))
                            .toArray());
                }
            }
            assertNear(results.get(1), results.get(0), 1e-5);
        }
    }

    /// Steps of small trainings, each on a thread of its own, give what they give one after the other.
    @Test
    void threadsDoNotDisturbEachOther() throws Exception {
        List<Callable<double[]>> steps = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            int seed = i;
            steps.add(() -> train(seed));
        }
        List<double[]> alone = new ArrayList<>();
        for (Callable<double[]> step : steps) {
            alone.add(step.call());
        }
        try (var pool = Executors.newFixedThreadPool(steps.size())) {
            List<Future<double[]>> together = pool.invokeAll(steps);
            for (int i = 0; i < steps.size(); i++) {
                assertThat(together.get(i).get()).isEqualTo(alone.get(i));
            }
        }
    }

    private static double[] train(int seed) {
        List<double[]> losses = new ArrayList<>();
        int width = 8 + 4 * (seed % 3);
        Tensor table = Tensor.randn(Rng.of(seed), 30, width).keep().requireGrad();
        Tensor weight =
                Tensor.randn(Rng.of(seed + 100), 3 * width, width).keep().requireGrad();
        for (int step = 0; step < 4; step++) {
            try (var scope = Scope.open()) {
                int[] tokens = new int[14];
                int at = step;
                Arrays.setAll(tokens, i -> (7 * i + at + seed) % 30);
                Tensor x = table.indexSelect(0, Indices.of(tokens)).reshape(2, 7, width);
                Tensor h = Attention.packed(x.linear(weight, null), 2, KeyMask.causal())
                        .dropout(0.2, Rng.of(at));
                Tensor logits = h.reshape(14, width).matmul(table.transpose(0, 1));
                Tensor loss = logits.crossEntropy(Indices.of(tokens));
                loss.backward();
                losses.add(loss.toArray());
                losses.add(table.grad().toArray());
                losses.add(weight.grad().toArray());
            }
        }
        return losses.stream().flatMapToDouble(Arrays::stream).toArray();
    }

    @Test
    void whenMemoryEndsWhatIsFreeIsHandedBackFirst() {
        Buffer held = BufferPool.allocateLasting(gpu.memory(), DType.FLOAT32, 100_000);
        Buffer released = BufferPool.allocateLasting(gpu.memory(), DType.FLOAT32, 200_000);
        released.release("test");
        BufferPool.allocateLasting(gpu.memory(), DType.FLOAT32, 300_000); // which nobody holds
        long taken = card.driver.totalMemory(card.device) - card.freeMemory();
        emulator.get().memory(taken + 400_000);
        Buffer fits = BufferPool.allocateLasting(gpu.memory(), DType.FLOAT32, 250_000);
        fits.set(new float[250_000]);
        assertThatThrownBy(() -> BufferPool.allocateLasting(gpu.memory(), DType.FLOAT32, 10_000_000))
                .isInstanceOf(ResourceException.class)
                .hasMessageContaining(
                        "%,d bytes more were asked for", 4L * Math.ceilDiv(10_000_000, 1 << 20) * (1 << 20))
                .hasMessageContaining("%,d of %,d are free", card.freeMemory(), card.driver.totalMemory(card.device))
                .hasMessageContaining("use a smaller batch, context or model");
        assertThat(fits.get(249_999)).isZero();
        fits.release("test");
        held.release("test");
    }

    @Test
    void atMostSoManyElementsAreCounted() {
        assertThatThrownBy(() -> BufferPool.allocateLasting(gpu.memory(), DType.FLOAT32, Integer.MAX_VALUE))
                .isInstanceOf(ResourceException.class)
                .hasMessageContaining("at most 2,013,265,920 elements");
        assertThatThrownBy(() -> gpu.memory().allocate(DType.FLOAT64, 16))
                .isInstanceOf(ResourceException.class)
                .hasMessageContaining("float64");
    }

    @Test
    void noIndicesAreUploadedToo() {
        Buffer none = card.upload(new int[0]);
        assertThat(none.length()).isOne();
        none.release("test");
    }

    /// A thread that computes on two cards in turn makes the right one its current one each time; products of the
    /// second round to TF32, as it is asked to when it is opened.
    @Test
    void twoCardsAndTensorCores() {
        emulator.get().set("gradusEmulatorDevices", 2);
        emulator.get().set("gradusEmulatorCapability", 80);
        emulator.get().set("gradusEmulatorShared", 99 << 10);
        assertThatThrownBy(() -> Tensor.ones(1).to(gpu.card(2)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("2 cards, gpu:0 to gpu:1");
        System.setProperty("gradus.precision", "tf23");
        assertThatThrownBy(() -> Tensor.ones(1).to(gpu.card(1)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("float32 or tf32; got tf23");
        System.setProperty("gradus.precision", "tf32");
        try {
            Device second = Device.named("gpu:1");
            for (int[] mkn : new int[][] {{40, 36, 48}, {132, 52, 260}, {36, 1100, 140}}) {
                for (int turned = 0; turned < 4; turned++) {
                    Tensor a = Tensor.randn(Rng.of(1), mkn[0], mkn[1]);
                    Tensor b = Tensor.randn(Rng.of(2), mkn[1], mkn[2]);
                    double[] expected = a.matmul(b).toArray();
                    Tensor otherA = turned >= 2 ? turned(a.to(second)) : a.to(second);
                    Tensor otherB = turned % 2 == 1 ? turned(b.to(second)) : b.to(second);
                    long calls = emulator.get().launches();
                    double[] actual = product(second, otherA, otherB, turned, mkn);
                    assertThat(emulator.get().launches()).isGreaterThan(calls);
                    assertNear(actual, expected, 2e-3);
                    assertThat(actual).isNotEqualTo(expected);
                    assertThat(a.add(1).sum().item()).isFinite(); // the first card again
                }
            }
            assertThatThrownBy(() -> Tensor.ones(2).add(Tensor.ones(2).to(second)))
                    .hasMessageContaining("gpu:1 memory met one in gpu memory");
        } finally {
            System.clearProperty("gradus.precision");
        }
    }

    private static Tensor turned(Tensor x) {
        return x.transpose(0, 1);
    }

    private static double[] product(Device device, Tensor a, Tensor b, int turned, int[] mkn) {
        Tensor y = a.newEmpty(Shape.of(mkn[0], mkn[2]));
        var left = gradus.tensor.kernel.Matrix.of(a.buffer(), a.dim(0), a.dim(1));
        var right = gradus.tensor.kernel.Matrix.of(b.buffer(), b.dim(0), b.dim(1));
        device.kernels(DType.FLOAT32)
                .products()
                .matmul(
                        1,
                        1,
                        turned >= 2 ? left.transpose() : left,
                        turned % 2 == 1 ? right.transpose() : right,
                        0,
                        gradus.tensor.kernel.Matrix.of(y.buffer(), mkn[0], mkn[2]));
        return y.toArray();
    }
}
