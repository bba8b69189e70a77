package gradus.tensor.op;

import static gradus.tensor.Near.assertNear;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import gradus.error.GradusException;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.io.Npy;
import gradus.tensor.kernel.Device;
import gradus.tensor.kernel.cuda.Emulator;
import gradus.tensor.mask.KeyMask;
import gradus.tensor.op.OpTest.Example;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import gradus.tensor.type.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// Every operation on the emulated card gives what it gives on the host, forward and backward.
class CudaOperationsTest {
    private final Device host = Device.named("host");
    private final Optional<Emulator> emulator = Emulator.start();
    private final Device before = Device.current();
    private Device gpu;

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

    /// The examples of each operation's own test.
    @TestFactory
    Stream<DynamicTest> giveWhatTheHostGives() {
        return new ClassFileImporter()
                .importPackages("gradus.tensor.op").stream()
                        .filter(type -> type.isAssignableTo(OpTest.class) && !type.isEquivalentTo(OpTest.class))
                        .sorted((a, b) -> a.getName().compareTo(b.getName()))
                        .flatMap(type -> examples(type).stream()
                                .map(example -> dynamicTest(
                                        type.getSimpleName() + ", " + example.name(), () -> compare(example))));
    }

    private static List<Example> examples(JavaClass type) {
        try {
            var made = type.reflect().getDeclaredConstructor();
            made.setAccessible(true);
            return ((OpTest) made.newInstance()).examples();
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(type.getName(), e);
        }
    }

    private void compare(Example example) {
        for (boolean computed : new boolean[] {false, true}) {
            List<double[]> expected = run(example, host, computed);
            long launches = emulator.get().launches();
            List<double[]> actual = run(example, gpu, computed);
            assertThat(emulator.get().launches()).isGreaterThan(launches);
            for (int i = 0; i < expected.size(); i++) {
                assertNear(actual.get(i), expected.get(i), 1e-5);
            }
        }
    }

    /// The result of an example in float32 and the gradient by each input.
    ///
    /// @param computed whether its inputs come from an operation, and are used twice
    private static List<double[]> run(Example example, Device device, boolean computed) {
        Device.use(device);
        List<double[]> results = new ArrayList<>();
        try (var scope = Scope.open()) {
            Tensor[] inputs = Arrays.stream(example.inputs())
                    .map(x -> x.to(DType.FLOAT32).to(device).requireGrad())
                    .toArray(Tensor[]::new);
            Tensor[] passed =
                    computed ? Arrays.stream(inputs).map(x -> x.mul(1)).toArray(Tensor[]::new) : inputs;
            for (int use = 0; use < (computed ? 2 : 1); use++) {
                Tensor y = example.f().apply(passed);
                assertThat(y.buffer().memory()).isSameAs(device.memory());
                y.backward(Tensor.randn(Rng.of(7), y.shape().dims()), computed);
                results.add(y.toArray());
            }
            Arrays.stream(inputs).forEach(x -> results.add(x.grad().toArray()));
        }
        return results;
    }

    @Test
    void float64StaysOnTheHost() {
        Tensor wide = Tensor.full(DType.FLOAT64, Shape.of(3), 1.0 / 3);
        assertThat(wide.buffer().memory()).isSameAs(host.memory());
        assertThat(wide.to(gpu).buffer().memory()).isSameAs(host.memory());
        assertThat(wide.exp().get(0)).isEqualTo(Math.exp(1.0 / 3));
        Tensor narrow = wide.to(gpu).to(DType.FLOAT32).to(gpu);
        assertThat(narrow.buffer().memory()).isSameAs(gpu.memory());
        assertThat(narrow.toFloatArray()).containsOnly(1f / 3);
        assertThat(narrow.to(DType.FLOAT64).toArray()).containsOnly(1f / 3);
        assertThat(narrow.to(host).toFloatArray()).containsOnly(1f / 3);
        Tensor converted = Tensor.ones(4).convert(DType.FLOAT64);
        assertThat(converted.buffer().memory()).isSameAs(host.memory());
    }

    @Test
    void elementsAreReadWrittenAndKept(@TempDir Path folder) {
        Tensor kept;
        try (var scope = Scope.open()) {
            kept = Tensor.arange(6).reshape(2, 3).mul(2).keep();
            Tensor.full(-1, 2, 3); // may take memory that is given back
        }
        assertThat(kept.toArray()).containsExactly(0, 2, 4, 6, 8, 10);
        assertThat(kept.get(1, -1)).isEqualTo(10);
        assertThat(kept.sum().item()).isEqualTo(30);
        kept.set(1, 2, 3, 4, 5, 6);
        kept.setSlice(1, 1, Tensor.full(9, 2, 2));
        assertThat(kept.toArray()).containsExactly(1, 9, 9, 4, 9, 9);
        kept.copyFrom(kept.neg());
        assertThat(kept.toArray()).containsExactly(-1, -9, -9, -4, -9, -9);
        Npy.write(folder.resolve("x.npy"), kept);
        Tensor loaded = Npy.read(folder.resolve("x.npy"));
        assertThat(loaded.buffer().memory()).isSameAs(gpu.memory());
        assertThat(loaded.toArray()).isEqualTo(kept.toArray());
        assertThat(loaded.shape()).isEqualTo(kept.shape());
        loaded.close();
        assertThatThrownBy(loaded::item).hasMessageContaining("one element");
    }

    /// A tensor that was changed between forward and backward is noticed, as on the host.
    @Test
    void aChangeInPlaceIsNoticed() {
        List<Consumer<Tensor>> ways = List.of(
                x -> x.set(1, 2),
                x -> x.copyFrom(x.detach().mul(2)),
                x -> x.setSlice(0, 1, Tensor.ones(1)),
                x -> x.buffer().set(new float[2]));
        for (Consumer<Tensor> way : ways) {
            Tensor x = Tensor.ones(2).requireGrad();
            Tensor y = x.exp();
            way.accept(y);
            assertThatThrownBy(() -> y.sum().backward()).hasMessageContaining("changed in place");
        }
    }

    @Test
    void tensorsOfTwoDevicesDoNotMix() {
        Tensor here = Tensor.ones(4, 4);
        Device.use(host);
        Tensor there = Tensor.ones(4, 4);
        List<Runnable> mixed = List.of(
                () -> here.add(there),
                () -> there.add(here),
                () -> here.matmul(there),
                () -> there.matmul(here),
                () -> here.copyFrom(there),
                () -> there.copyFrom(here),
                () -> Attention.apply(batch(here), batch(there), batch(here), AttentionSettings.of(1, KeyMask.full())));
        for (Runnable mix : mixed) {
            assertThatThrownBy(mix::run)
                    .isInstanceOf(GradusException.class)
                    .hasMessageContaining("gpu memory")
                    .hasMessageContaining("to(Device)");
        }
        assertThatThrownBy(here::ndarray)
                .isInstanceOf(GradusException.class)
                .hasMessageContaining("ND4J cannot see a tensor in gpu memory");
        assertThat(here.add(there.to(gpu)).toArray()).containsOnly(2);
    }

    private static Tensor batch(Tensor x) {
        return x.reshape(1, 4, 4);
    }

    /// A parameter on the card gets gradients from several backward passes, whatever device is the current one.
    @Test
    void gradientsAddUpOnTheCardWhateverTheCurrentDevice() {
        Tensor w = Tensor.ones(3).requireGrad();
        w.mul(2).sum().backward();
        Device.use(host);
        w.mul(3).sum().backward();
        assertThat(w.grad().toArray()).containsOnly(5);
        assertThat(w.grad().buffer().memory()).isSameAs(gpu.memory());
        try (var pause = Autograd.noGrad()) {
            assertThat(w.add(w.grad()).toArray()).containsOnly(6);
        }
    }
}
