package gradus.tensor.kernel.cuda;

import static gradus.tensor.kernel.cuda.FaultyCard.ILLEGAL_ADDRESS;
import static gradus.tensor.kernel.cuda.FaultyCard.INVALID_VALUE;
import static gradus.tensor.kernel.cuda.FaultyCard.OUT_OF_MEMORY;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/// The emulated device outside of kernels: its memory, copies and modules, and the machines that a test can ask for.
class EmulatedCardTest {
    private static final int NOT_INITIALIZED = 3;
    private static final int UNAVAILABLE = 46;
    private static final int NO_DEVICE = 100;
    private static final int INVALID_CONTEXT = 201;
    private static final int NOT_FOUND = 500;
    private static final int NOT_READY = 600;

    @Test
    void memoryIsLimitedAndCounted() {
        FaultyCard card = FaultyCard.ready();
        card.emulator.memory(1000);
        MemorySegment out = card.arena.allocate(16);
        assertThat(card.allocate(600, out)).isZero();
        long first = out.get(JAVA_LONG, 0);
        assertThat(first % 256).isZero();
        assertThat(card.allocate(401, out)).isEqualTo(OUT_OF_MEMORY);
        assertThat(card.allocate(400, out)).isZero();
        assertThat(card.call("cuMemGetInfo_v2", out, out.asSlice(8))).isZero();
        assertThat(out.toArray(JAVA_LONG)).containsExactly(0, 1000);
        assertThat(card.emulator.live()).isEqualTo(2);
        assertThat(card.call("cuMemFree_v2", first)).isZero();
        assertThat(card.emulator.live()).isOne();
        assertThat(card.call("cuMemFree_v2", first)).isEqualTo(INVALID_VALUE);
        assertThat(card.emulator.complaint()).contains("twice");
    }

    @Test
    void freshMemoryIsNaN() {
        FaultyCard card = FaultyCard.ready();
        MemorySegment out = card.arena.allocate(8);
        assertThat(card.allocate(400, out)).isZero();
        assertThat(card.read(out.get(JAVA_LONG, 0), 100)).containsOnly(Float.NaN);
    }

    @Test
    void aStoreFromElsewhereIsFoundWhenItIsFreed() {
        FaultyCard card = FaultyCard.ready();
        long at = card.floats(1, 2, 3);
        MemorySegment.ofAddress(at).reinterpret(16).set(JAVA_INT, 12, 5);
        assertThat(card.call("cuStreamSynchronize", 0L)).isEqualTo(ILLEGAL_ADDRESS);
        card.emulator.forgive();
        MemorySegment.ofAddress(at).reinterpret(16).set(JAVA_INT, 12, 5);
        assertThat(card.call("cuMemFree_v2", at)).isEqualTo(ILLEGAL_ADDRESS);
        assertThat(card.emulator.complaint()).contains("when it was freed", "12 bytes");
    }

    @Test
    void copiesTakeOnlyPinnedMemory() {
        FaultyCard card = FaultyCard.ready();
        long at = card.floats(1, 2, 3, 4);
        MemorySegment pinned = pinned(card, 16);
        assertThat(card.call("cuMemcpyDtoHAsync_v2", pinned, at, 16L, 0L)).isZero();
        assertThat(pinned.toArray(JAVA_FLOAT)).containsExactly(1, 2, 3, 4);
        pinned.set(JAVA_FLOAT, 0, 9);
        assertThat(card.call("cuMemcpyHtoDAsync_v2", at, pinned, 16L, 0L)).isZero();
        assertThat(card.call("cuMemcpyDtoDAsync_v2", at + 8, at, 8L, 0L)).isZero();
        assertThat(card.read(at, 4)).containsExactly(9, 2, 9, 2);
        assertThat(card.call("cuMemsetD32Async", at + 4, Float.floatToIntBits(7), 2L, 0L))
                .isZero();
        assertThat(card.read(at, 4)).containsExactly(9, 7, 7, 2);

        MemorySegment pageable = card.arena.allocate(16);
        assertThat(card.call("cuMemcpyDtoHAsync_v2", pageable, at, 16L, 0L)).isEqualTo(INVALID_VALUE);
        assertThat(card.emulator.complaint()).contains("not pinned memory");
        assertThat(card.call("cuMemcpyHtoDAsync_v2", at, pageable, 16L, 0L)).isEqualTo(INVALID_VALUE);
        assertThat(card.call("cuMemcpyHtoDAsync_v2", at + 4, pinned, 16L, 0L)).isEqualTo(INVALID_VALUE);
        assertThat(card.call("cuMemcpyDtoDAsync_v2", at + 4, at, 8L, 0L)).isEqualTo(INVALID_VALUE);
        assertThat(card.call("cuMemFreeHost", pinned)).isZero();
        assertThat(card.emulator.pinned()).isZero();
    }

    @Test
    void aLazyStreamWorksWhenSomebodyWaits() {
        FaultyCard card = FaultyCard.ready();
        card.emulator.lazy(true);
        long at = card.floats(1, 2);
        MemorySegment pinned = pinned(card, 8).fill((byte) 0);
        MemorySegment event = card.arena.allocate(8);
        assertThat(card.call("cuEventCreate", event, 0)).isZero();
        long handle = event.get(JAVA_LONG, 0);
        assertThat(card.launch("storePast", 1, 32, at, 1)).isZero();
        assertThat(card.call("cuMemcpyDtoHAsync_v2", pinned, at, 8L, 0L)).isZero();
        assertThat(card.call("cuEventRecord", handle, 0L)).isZero();
        assertThat(pinned.toArray(JAVA_FLOAT)).containsExactly(0, 0);
        assertThat(card.call("cuEventQuery", handle)).isEqualTo(NOT_READY);
        assertThat(card.call("cuEventSynchronize", handle)).isZero();
        assertThat(pinned.toArray(JAVA_FLOAT)).containsExactly(1, 1);
        assertThat(card.call("cuEventQuery", handle)).isZero();

        // A kernel's failure comes with a later call.
        assertThat(card.launch("storePast", 1, 32, at, 2)).isZero();
        assertThat(card.call("cuStreamSynchronize", 0L)).isEqualTo(ILLEGAL_ADDRESS);
        assertThat(card.call("cuStreamSynchronize", 0L)).isEqualTo(ILLEGAL_ADDRESS);
        assertThat(card.emulator.launches()).isEqualTo(2);
        assertThat(card.emulator.synchronisations()).isEqualTo(3);
    }

    @Test
    void eventsMeasureTime() {
        FaultyCard card = FaultyCard.ready();
        long y = card.floats(new float[256]);
        MemorySegment events = card.arena.allocate(16);
        assertThat(card.call("cuEventCreate", events, 0)).isZero();
        assertThat(card.call("cuEventCreate", events.asSlice(8), 0)).isZero();
        long from = events.get(JAVA_LONG, 0);
        long to = events.get(JAVA_LONG, 8);
        assertThat(card.call("cuEventRecord", from, 0L)).isZero();
        assertThat(card.launch("manyBarriers", 1, 256, y, 100)).isZero();
        assertThat(card.call("cuEventRecord", to, 0L)).isZero();
        MemorySegment milliseconds = card.arena.allocate(4);
        assertThat(card.call("cuEventElapsedTime", milliseconds, from, to)).isZero();
        assertThat(milliseconds.get(JAVA_FLOAT, 0)).isPositive();
        assertThat(card.call("cuEventDestroy_v2", from)).isZero();
        assertThat(card.call("cuEventQuery", from)).isEqualTo(400);
    }

    @Test
    void modulesAreReadAsADriverReadsThem() {
        FaultyCard card = FaultyCard.ready();
        MemorySegment out = card.arena.allocate(8);
        assertThat(card.find("nowhere", out)).isEqualTo(NOT_FOUND);
        assertThat(card.emulator.complaint()).contains("PTX text has no kernel nowhere");
        card.emulator.forgive();
        assertThat(card.load(".version 7.0\n.target sm_75\n.entry onlyThere(")).isZero();
        assertThat(card.find("onlyThere", out)).isEqualTo(NOT_FOUND);
        assertThat(card.emulator.complaint()).contains("no source");

        assertThat(card.load("not PTX")).isEqualTo(200);
        assertThat(card.load(FaultyCard.ptx("7.0", "sm_80"))).isEqualTo(218);
        card.emulator.capability(80);
        assertThat(card.load(FaultyCard.ptx("7.0", "sm_80"))).isZero();
        card.emulator.driver(11040);
        assertThat(card.load(FaultyCard.ptx("7.4", "sm_80"))).isZero();
        assertThat(card.load(FaultyCard.ptx("7.5", "sm_80"))).isEqualTo(222);
    }

    @Test
    void aContextIsCurrentOnOneThreadOnly() {
        FaultyCard card = FaultyCard.ready();
        MemorySegment out = card.arena.allocate(8);
        assertThat(CompletableFuture.supplyAsync(() -> card.allocate(4, out)).join())
                .isEqualTo(INVALID_CONTEXT);
        assertThat(CompletableFuture.supplyAsync(
                                () -> card.call("cuCtxSetCurrent", card.context) + card.allocate(4, out))
                        .join())
                .isZero();
    }

    @Test
    void everyMachineCanBeAskedFor() {
        FaultyCard card = FaultyCard.bare();
        MemorySegment out = card.arena.allocate(256);
        assertThat(card.call("cuDeviceGet", out, 0)).isEqualTo(NOT_INITIALIZED);
        card.emulator.devices(0);
        assertThat(card.call("cuInit", 0)).isEqualTo(NO_DEVICE);
        card.emulator.devices(2);
        assertThat(card.call("cuInit", 0)).isZero();
        assertThat(card.call("cuDeviceGetCount", out)).isZero();
        assertThat(out.get(JAVA_INT, 0)).isEqualTo(2);
        assertThat(card.call("cuDeviceGet", out, 2)).isEqualTo(101);
        assertThat(card.call("cuDeviceGetName", out, 256, 1)).isZero();
        assertThat(out.getString(0)).isEqualTo("Emulated device 1");
        card.emulator.driver(11020);
        assertThat(card.call("cuDriverGetVersion", out)).isZero();
        assertThat(out.get(JAVA_INT, 0)).isEqualTo(11020);
        card.emulator.capability(120);
        assertThat(attribute(card, 75)).isEqualTo(12);
        assertThat(attribute(card, 76)).isZero();
        card.emulator.shared(99 * 1024);
        assertThat(attribute(card, 97)).isEqualTo(99 * 1024);
        for (int mode = 2; mode <= 3; mode++) {
            card.emulator.computeMode(mode);
            assertThat(attribute(card, 20)).isEqualTo(mode);
            assertThat(card.call("cuDevicePrimaryCtxRetain", out, 0)).isEqualTo(UNAVAILABLE);
        }
    }

    @Test
    void aFunctionFailsWhenItIsAskedTo() {
        FaultyCard card = FaultyCard.ready();
        MemorySegment out = card.arena.allocate(8);
        long before = card.emulator.calls("cuMemAlloc_v2");
        card.emulator.fail("cuMemAlloc_v2", 2, OUT_OF_MEMORY);
        assertThat(card.allocate(4, out)).isZero();
        assertThat(card.allocate(4, out)).isZero();
        assertThat(card.allocate(4, out)).isEqualTo(OUT_OF_MEMORY);
        assertThat(card.allocate(4, out)).isEqualTo(OUT_OF_MEMORY);
        assertThat(card.emulator.calls("cuMemAlloc_v2")).isEqualTo(before + 4);
        card.emulator.fail("cuMemAlloc_v2", 0, 0);
        assertThat(card.allocate(4, out)).isZero();

        // A context that is lost stays lost for every function.
        card.emulator.fail("cuStreamSynchronize", 0, 719);
        assertThat(card.call("cuStreamSynchronize", 0L)).isEqualTo(719);
        assertThat(card.allocate(4, out)).isEqualTo(719);
        card.emulator.forgive();
        assertThat(card.allocate(4, out)).isZero();
    }

    @Test
    void errorsHaveNames() {
        FaultyCard card = FaultyCard.bare();
        MemorySegment out = card.arena.allocate(8);
        assertThat(card.call("cuGetErrorName", 2, out)).isZero();
        MemorySegment name = MemorySegment.ofAddress(out.get(JAVA_LONG, 0)).reinterpret(100);
        assertThat(name.getString(0)).isEqualTo("CUDA_ERROR_OUT_OF_MEMORY");
        assertThat(card.call("cuGetErrorString", 12345, out)).isEqualTo(INVALID_VALUE);
    }

    private static MemorySegment pinned(FaultyCard card, int bytes) {
        MemorySegment out = card.arena.allocate(8);
        assertThat(card.call("cuMemHostAlloc", out, (long) bytes, 0)).isZero();
        return MemorySegment.ofAddress(out.get(JAVA_LONG, 0)).reinterpret(bytes);
    }

    private static int attribute(FaultyCard card, int which) {
        MemorySegment out = card.arena.allocate(4);
        assertThat(card.call("cuDeviceGetAttribute", out, which, 0)).isZero();
        return out.get(JAVA_INT, 0);
    }
}
