package gradus.tensor.kernel.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import gradus.error.ConfigException;
import gradus.error.ResourceException;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.kernel.Device;
import gradus.tensor.memory.BufferPool;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Machines whose GPU cannot be used, and cards that fail: each fault is told in one line that says what to do.
class CudaFaultsTest {
    private final Device before = Device.current();
    private final Scope scope = Scope.open(); // so that no tensor outlives its card
    private final CudaMemory memory = new CudaMemory(0);
    private final CudaDevice device = new CudaDevice(0, memory);
    private EmulatorControls machine;
    private String library;

    @BeforeEach
    void anEmulatedMachine() {
        assumeTrue(Emulator.start().isPresent(), "the emulated card needs g++");
        library = System.getProperty(DriverLibrary.PROPERTY);
        machine = new EmulatorControls(Path.of(library));
    }

    @AfterEach
    void asItWas() {
        scope.close();
        Device.use(before);
        if (machine != null) {
            machine.reset();
            System.setProperty(DriverLibrary.PROPERTY, library);
            System.clearProperty("gradus.precision");
            BufferPool.trim();
            memory.close();
            assertThat(machine.complaint()).isEmpty();
        }
    }

    private AbstractThrowableAssert<?, ?> assertRefused() {
        return assertThatThrownBy(device::open)
                .isInstanceOf(ResourceException.class)
                .satisfies(fault -> assertThat(fault.getMessage())
                        .startsWith("gpu: ")
                        .hasSizeLessThan(400)
                        .doesNotContain("\n"));
    }

    /// As [CudaDevice#usable(long)], with cards that nobody else opens.
    private static Optional<CudaDevice> usable(long bytes) {
        return CudaDevice.usable(bytes, ordinal -> new CudaDevice(ordinal, new CudaMemory(ordinal)));
    }

    private static void assertTrouble(String... words) {
        CudaFacts facts = CudaFacts.look();
        assertThat(facts.trouble()).contains(words).doesNotStartWith("gpu:");
        assertThat(facts.cards()).isEmpty();
        assertThat(usable(1)).isEmpty();
    }

    private void assertTroubleOfTheCard(String... words) {
        CudaFacts facts = CudaFacts.look();
        assertThat(facts.trouble()).isEmpty();
        assertThat(facts.cards()).singleElement().satisfies(card -> {
            assertThat(card.usable()).isFalse();
            assertThat(card.trouble()).contains(words);
            assertThat(card.bytesFree()).isNegative();
        });
        assertThat(usable(1)).isEmpty();
    }

    @Test
    void noDriver() {
        System.setProperty(DriverLibrary.PROPERTY, "/nowhere/libcuda.so.1");
        assertRefused().hasMessageContainingAll("no NVIDIA driver", "/nowhere/libcuda.so.1", "install one");
        assertTrouble("no NVIDIA driver");
    }

    @Test
    void aLibraryThatIsNoDriver() {
        Path other = Path.of(System.getProperty("java.home"), "lib", System.mapLibraryName("java"));
        System.setProperty(DriverLibrary.PROPERTY, other.toString());
        assertRefused().hasMessageContainingAll("too old", "lacks cuGetErrorName", "450");
        assertTrouble("lacks cuGetErrorName");
    }

    @Test
    void aDriverThatIsTooOld() {
        machine.driver(10020);
        assertRefused().hasMessageContainingAll("serves CUDA 10.2", "11.0", "driver 450");
        assertTrouble("serves CUDA 10.2");
    }

    @Test
    void aDriverThatDoesNotStart() {
        machine.fail("cuInit", 0, 999);
        assertRefused().hasMessageContainingAll("does not start", "error 999", "nvidia-smi");
        assertTrouble("does not start");
    }

    @Test
    void noCard() {
        machine.devices(0);
        assertRefused().hasMessageContainingAll("finds no card", "CUDA_ERROR_NO_DEVICE");
        assertTrouble("finds no card");
    }

    @Test
    void aNumberThatNoCardHas() {
        CudaDevice second = new CudaDevice(1, new CudaMemory(1));
        assertThatThrownBy(second::open)
                .isInstanceOf(ConfigException.class)
                .hasMessage("gpu:1: this machine has one card, gpu:0");
        machine.devices(2);
        CudaDevice eighth = new CudaDevice(7, new CudaMemory(7));
        assertThatThrownBy(eighth::open)
                .isInstanceOf(ConfigException.class)
                .hasMessage("gpu:7: this machine has 2 cards, gpu:0 to gpu:1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpu:", "gpu:x", "gpu:-1", "gpu:12345", "gpu:1:2", "cuda", "GPU", ""})
    void aNameThatIsNone(String name) {
        assertThatThrownBy(() -> Device.named(name))
                .isInstanceOf(ConfigException.class)
                .hasMessageContainingAll("gradus.device", "gpu", "host", "got " + name);
    }

    @Test
    void aCardThatIsTooOld() {
        machine.capability(70);
        assertRefused()
                .hasMessageContainingAll("Emulated device 0", "compute capability 7.0", "7.5", "GRADUS_BACKEND=cuda");
        assertTroubleOfTheCard("compute capability 7.0");
    }

    @Test
    void aCardThatLetsNobodyIn() {
        machine.computeMode(2);
        assertRefused().hasMessageContainingAll("'prohibited'", "nvidia-smi -c 0");
        assertTroubleOfTheCard("'prohibited'");
    }

    @Test
    void aCardThatAnotherProgramHas() {
        machine.computeMode(3);
        assertRefused().hasMessageContainingAll("has it for itself", "'exclusive process'");
        assertTroubleOfTheCard("has it for itself");
    }

    @Test
    void aCardWithoutMemoryForAProgram() {
        machine.fail("cuDevicePrimaryCtxRetain", 0, CudaError.OUT_OF_MEMORY);
        assertRefused().hasMessageContainingAll("not even the memory to start", "nvidia-smi");
        assertTroubleOfTheCard("not even the memory");
    }

    @Test
    void aDriverTooOldForTheKernels() {
        Device.use(device.open());
        machine.fail("cuModuleLoadDataEx", 0, 222);
        assertThatThrownBy(() -> Tensor.ones(3).exp())
                .isInstanceOf(ResourceException.class)
                .hasMessageContainingAll("cuModuleLoadDataEx", "UNSUPPORTED_PTX", "install a newer one");
    }

    @Test
    void memoryRunsOut() {
        BufferPool.trim(); // what earlier tests left in the pool
        Device.use(device.open());
        long free = memory.card().freeMemory();
        machine.memory((1L << 30) - free + (24 << 20)); // 24 MiB more than is taken
        try (var scope = Scope.open()) {
            Tensor kept = Tensor.ones(1 << 20); // 4 MiB
            assertThatThrownBy(() -> Tensor.ones(16 << 20))
                    .isInstanceOf(ResourceException.class)
                    .hasMessageContainingAll(
                            "Emulated device 0",
                            "67,108,864 bytes more",
                            "4,194,304 are held",
                            "free",
                            "smaller batch");
            assertThat(kept.add(Tensor.ones(1 << 20)).sum().item()).isEqualTo(2 << 20);
        }
    }

    @Test
    void theContextIsLost() {
        Device.use(device.open());
        Tensor x = Tensor.ones(10);
        assertThat(x.sum().item()).isEqualTo(10);
        machine.fail("cuStreamSynchronize", 1, 719);
        assertThat(x.sum().item()).isEqualTo(10);
        Consumer<String> lost = function -> assertThatThrownBy(() -> x.sum().item())
                .isInstanceOf(ResourceException.class)
                .hasMessageContainingAll(function, "CUDA_ERROR_LAUNCH_FAILED", "context is lost", "--resume");
        lost.accept("cuStreamSynchronize");
        lost.accept(""); // and so it stays
    }

    @Test
    void tf32NeedsACardThatHasIt() {
        assertThatThrownBy(() -> device.precision(Precision.TF32))
                .isInstanceOf(ConfigException.class)
                .hasMessage(
                        "tf32: the Emulated device 0 has compute capability 7.5; TF32 needs 8.0 or newer: compute in"
                                + " float32");
        memory.close();
        System.setProperty("gradus.precision", "tf32");
        assertThatThrownBy(device::open).isInstanceOf(ConfigException.class).hasMessageContaining("TF32 needs 8.0");
        machine.capability(86);
        assertThat(device.open().description()).isEqualTo("Emulated device 0, products in TF32");
        device.precision(Precision.FLOAT32);
        assertThat(device.description()).isEqualTo("Emulated device 0");
        memory.close();
        System.setProperty("gradus.precision", "fp16");
        assertThatThrownBy(device::open)
                .isInstanceOf(ConfigException.class)
                .hasMessage("gradus.precision must be float32 or tf32; got fp16");
    }

    @Test
    void memoriesThatMeet() {
        Tensor there = Tensor.ones(3);
        Device.use(device.open());
        Tensor here = Tensor.ones(3);
        assertThatThrownBy(() -> here.add(there))
                .isInstanceOf(ConfigException.class)
                .hasMessageContainingAll("memory met one in gpu memory", "to(Device)");
    }

    @Test
    void lookingLeavesEverythingAsItWas() {
        machine.devices(2);
        long retained = machine.calls("cuDevicePrimaryCtxRetain");
        long released = machine.calls("cuDevicePrimaryCtxRelease_v2");
        long pinned = machine.pinned();
        CudaFacts facts = CudaFacts.look();
        assertThat(facts.cuda()).isEqualTo("13.0");
        assertThat(facts.trouble()).isEmpty();
        assertThat(facts.cards()).extracting(CudaFacts.CardFacts::ordinal).containsExactly(0, 1);
        assertThat(facts.cards()).allSatisfy(card -> {
            assertThat(card.usable()).isTrue();
            assertThat(card.capability()).isEqualTo(75);
            assertThat(card.bytes()).isEqualTo(1 << 30);
            assertThat(card.bytesFree()).isBetween(1L, card.bytes());
        });
        assertThat(usable(2L << 30)).isEmpty(); // so much has none
        assertThat(machine.calls("cuDevicePrimaryCtxRetain") - retained)
                .isEqualTo(machine.calls("cuDevicePrimaryCtxRelease_v2") - released);
        assertThat(machine.pinned()).isEqualTo(pinned);
        Optional<CudaDevice> first = usable(1 << 20);
        assertThat(first).get().extracting(Device::name).isEqualTo("gpu");
        ((CudaMemory) first.orElseThrow().memory()).close();
    }
}
