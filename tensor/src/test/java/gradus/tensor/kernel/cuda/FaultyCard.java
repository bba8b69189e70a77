package gradus.tensor.kernel.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// An emulated device with the kernels of `faults.cu`, called as the driver is called.
final class FaultyCard {
    static final int INVALID_VALUE = 1;
    static final int OUT_OF_MEMORY = 2;
    static final int ILLEGAL_ADDRESS = 700;
    static final int LAUNCH_FAILED = 719;

    private static final Optional<Path> LIBRARY =
            EmulatedDriver.library(List.of(EmulatedDriver.EMULATOR.resolve("faults.cu")));

    final EmulatorControls emulator;
    final Arena arena = Arena.ofAuto();
    long context;
    private long module;

    private FaultyCard(EmulatorControls emulator) {
        this.emulator = emulator;
    }

    /// A device without a context.
    static FaultyCard bare() {
        assumeTrue(LIBRARY.isPresent(), "no g++, so that no CUDA device can be emulated");
        FaultyCard card = new FaultyCard(new EmulatorControls(LIBRARY.get()));
        card.emulator.restart();
        return card;
    }

    /// A device whose context is current and whose kernels are loaded.
    static FaultyCard ready() {
        FaultyCard card = bare();
        MemorySegment out = card.arena.allocate(8);
        assertThat(card.call("cuInit", 0)).isZero();
        assertThat(card.call("cuDevicePrimaryCtxRetain", out, 0)).isZero();
        card.context = out.get(JAVA_LONG, 0);
        assertThat(card.call("cuCtxSetCurrent", card.context)).isZero();
        assertThat(card.load(ptx("7.0", "sm_75"))).isZero();
        return card;
    }

    static String ptx(String version, String target) {
        StringBuilder text = new StringBuilder(".version %s\n.target %s\n".formatted(version, target));
        EmulatedDriver.kernels(EmulatedDriver.EMULATOR.resolve("faults.cu"))
                .forEach(name -> text.append(".visible .entry ").append(name).append("(\n)\n"));
        return text.toString();
    }

    int call(String function, Object... arguments) {
        return emulator.driver(function, arguments);
    }

    int load(String ptx) {
        MemorySegment out = arena.allocate(8);
        int error = call("cuModuleLoadDataEx", out, arena.allocateFrom(ptx), 0, MemorySegment.NULL, MemorySegment.NULL);
        module = out.get(JAVA_LONG, 0);
        return error;
    }

    int find(String kernel, MemorySegment out) {
        return call("cuModuleGetFunction", out, module, arena.allocateFrom(kernel));
    }

    long function(String kernel) {
        MemorySegment out = arena.allocate(8);
        assertThat(find(kernel, out)).isZero();
        return out.get(JAVA_LONG, 0);
    }

    int allocate(long bytes, MemorySegment out) {
        return call("cuMemAlloc_v2", out, bytes);
    }

    /// Device memory with these numbers.
    long floats(float... values) {
        MemorySegment out = arena.allocate(8);
        assertThat(allocate(4L * values.length, out)).isZero();
        long at = out.get(JAVA_LONG, 0);
        MemorySegment.copy(values, 0, memory(at, values.length), JAVA_FLOAT, 0, values.length);
        return at;
    }

    float[] read(long at, int count) {
        return memory(at, count).toArray(JAVA_FLOAT);
    }

    /// The emulated device's memory is this process's memory.
    private static MemorySegment memory(long at, int count) {
        return MemorySegment.ofAddress(at).reinterpret(4L * count);
    }

    int launch(String kernel, int blocks, int threads, Object... arguments) {
        return launch(kernel, new int[] {blocks, 1, 1}, new int[] {threads, 1, 1}, 0, arguments);
    }

    int launch(String kernel, int[] grid, int[] block, int shared, Object... arguments) {
        MemorySegment list = arena.allocate(ADDRESS, arguments.length + 1);
        for (int i = 0; i < arguments.length; i++) {
            list.setAtIndex(
                    ADDRESS,
                    i,
                    switch (arguments[i]) {
                        case Integer x -> arena.allocateFrom(JAVA_INT, x);
                        case Long x -> arena.allocateFrom(JAVA_LONG, x);
                        case Float x -> arena.allocateFrom(JAVA_FLOAT, x);
                        case Double x -> arena.allocateFrom(ValueLayout.JAVA_DOUBLE, x);
                        default -> (MemorySegment) arguments[i];
                    });
        }
        return call(
                "cuLaunchKernel",
                function(kernel),
                grid[0],
                grid[1],
                grid[2],
                block[0],
                block[1],
                block[2],
                shared,
                0L,
                list,
                MemorySegment.NULL);
    }
}
