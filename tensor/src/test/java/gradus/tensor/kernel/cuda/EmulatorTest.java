package gradus.tensor.kernel.cuda;

import static gradus.tensor.kernel.cuda.FaultyCard.ILLEGAL_ADDRESS;
import static gradus.tensor.kernel.cuda.FaultyCard.INVALID_VALUE;
import static gradus.tensor.kernel.cuda.FaultyCard.LAUNCH_FAILED;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The emulated device finds the mistakes of `faults.cu`, and finds none where none is.
class EmulatorTest {
    private FaultyCard card;

    @BeforeEach
    void start() {
        card = FaultyCard.ready();
    }

    @ParameterizedTest
    @ValueSource(ints = {EmulatorControls.ASCENDING, EmulatorControls.DESCENDING, EmulatorControls.SHUFFLED})
    void rightKernelsComputeInEveryOrder(int order) {
        card.emulator.order(order);
        long x = card.floats(counting(3 * 256));
        long y = card.floats(new float[384]);
        assertThat(card.launch("sumRight", 3, 256, x, y)).isZero();
        assertThat(card.read(y, 3)).containsExactly(32640, 32640 + 65536, 32640 + 2 * 65536);

        assertThat(card.launch("reverse", new int[] {1, 1, 1}, new int[] {100, 1, 1}, 4 * 300, x, y, 300))
                .isZero();
        assertThat(card.read(y, 300)[0]).isEqualTo(299);
        assertThat(card.read(y, 300)[299]).isZero();

        assertThat(card.launch("shuffles", 1, 64, y)).isZero();
        float[] shuffled = card.read(y, 384);
        for (int t = 0; t < 64; t++) {
            int lane = t % 32;
            assertThat(shuffled[t]).isEqualTo(t ^ 5);
            assertThat(shuffled[64 + t]).isEqualTo(lane < 29 ? t + 3 : t);
            assertThat(shuffled[128 + t]).isEqualTo(t / 8 * 8 + 2);
            assertThat(shuffled[192 + t]).isEqualTo(lane % 16 < 8 ? t : t ^ 8);
            assertThat(shuffled[256 + t]).isEqualTo(t < 32 ? 496 : 496 + 1024);
            assertThat(shuffled[320 + t]).isEqualTo(1);
        }
        assertThat(card.emulator.complaint()).isEmpty();
    }

    @Test
    void everyKindOfParameterArrives() {
        long y = card.floats(new float[6]);
        MemorySegment pair = card.arena.allocate(16, 8);
        pair.set(JAVA_LONG, 0, card.floats(7, 8, 9));
        pair.set(JAVA_INT, 8, 2);
        assertThat(card.launch("parameters", 1, 32, pair, -5L, 6L, 0.5, 1.5f, -7, y))
                .isZero();
        assertThat(card.read(y, 6)).containsExactly(9, -5, 6, 0.5f, 1.5f, -7);
    }

    @Test
    void aMissingBarrierShowsAsNaN() {
        long y = card.floats(new float[256]);
        assertThat(card.launch("missingBarrier", 1, 256, card.floats(counting(256)), y))
                .isZero();
        assertThat(card.read(y, 256)).contains(Float.NaN);
    }

    @Test
    void unwrittenSharedMemoryIsNaN() {
        long y = card.floats(new float[64]);
        assertThat(card.launch("readsUnwrittenShared", 2, 64, y)).isZero();
        assertThat(card.read(y, 64)[6]).isEqualTo(1);
        assertThat(card.read(y, 64)[7]).isNaN();
    }

    @Test
    void aRaceShowsByTheOrder() {
        float[] last = new float[3];
        for (int order = 0; order < 3; order++) {
            card.emulator.order(order);
            long y = card.floats(new float[256]);
            assertThat(card.launch("race", 1, 256, y)).isZero();
            last[order] = card.read(y, 1)[0];
        }
        assertThat(last[0]).isEqualTo(255);
        assertThat(last[1]).isZero();
        assertThat(last[2]).isNotIn(last[0], last[1]);
    }

    @ParameterizedTest
    @ValueSource(ints = {EmulatorControls.ASCENDING, EmulatorControls.DESCENDING, EmulatorControls.SHUFFLED})
    void threadsThatPartAreFound(int order) {
        card.emulator.order(order);
        long y = card.floats(new float[256]);
        found(card.launch("divergentBarrier", 1, 256, y), LAUNCH_FAILED, "divergentBarrier", "faults.cu:");
        found(card.launch("leavesBeforeBarrier", 1, 256, y, 200), LAUNCH_FAILED, "has returned");
        found(card.launch("leavesBeforeBarrier", 1, 256, y, 32), LAUNCH_FAILED, "has returned");
        found(card.launch("divergentShuffle", 1, 256, y, 200), LAUNCH_FAILED, "waits for its warp", "has returned");
        // Whole warps may stay away from a shuffle, and all threads from a barrier.
        assertThat(card.launch("divergentShuffle", 1, 256, y, 192)).isZero();
        assertThat(card.launch("leavesBeforeBarrier", 1, 256, y, 0)).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {-64, -1, 100, 163})
    void aStoreOutsideIsFound(int at) {
        long y = card.floats(new float[100]);
        found(card.launch("storePast", 1, 32, y, at), ILLEGAL_ADDRESS, "storePast", "400 bytes");
    }

    @Test
    void aStoreFarOutsideNamesTheThread() {
        long y = card.floats(new float[100]);
        card.emulator.fence(true);
        long fenced = card.floats(new float[100]);
        found(card.launch("storePast", 1, 32, fenced, 100), ILLEGAL_ADDRESS, "storePast", "thread (3, 0, 0)");
        found(card.launch("storePast", 1, 32, 0L, 100), ILLEGAL_ADDRESS, "no memory at 0x190");
        found(card.launch("readPast", 2, 32, fenced, 69, y), ILLEGAL_ADDRESS, "readPast", "thread (31, 0, 0)");
        assertThat(card.launch("readPast", 2, 32, fenced, 68, y)).isZero();
    }

    @Test
    void aStorePastASharedArrayIsFound() {
        long y = card.floats(new float[256]);
        found(card.launch("storePastShared", 1, 256, y), ILLEGAL_ADDRESS, "past the end of shared first, 400 bytes");
        long x = card.floats(counting(300));
        long z = card.floats(new float[300]);
        int[] one = {1, 1, 1};
        found(card.launch("reverse", one, one, 4 * 299, x, z, 300), ILLEGAL_ADDRESS, "shared memory by launch");
    }

    @Test
    void tooMuchSharedMemoryIsFound() {
        long y = card.floats(new float[20_000]);
        found(card.launch("tooMuchShared", 1, 256, y), INVALID_VALUE, "second", "49152 at most");

        int[] one = {1, 1, 1};
        long x = card.floats(new float[20_000]);
        found(card.launch("reverse", one, one, 50_000, x, y, 10), INVALID_VALUE, "asked for none");
        long reverse = card.function("reverse");
        assertThat(card.call("cuFuncSetAttribute", reverse, 8, 60_000)).isZero();
        assertThat(card.launch("reverse", one, one, 60_000, x, y, 15_000)).isZero();
        found(card.launch("reverse", one, one, 60_004, x, y, 10), INVALID_VALUE, "60000 at most");
        found(card.call("cuFuncSetAttribute", reverse, 8, 70_000), INVALID_VALUE, "65536 at most");
        card.emulator.shared(70_000);
        assertThat(card.call("cuFuncSetAttribute", reverse, 8, 70_000)).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1, 1, 257, 1, 256 at most as KERNEL says",
        "1, 1, 1, 1, 257, 256 at most as KERNEL says",
        "1, 1, 1, 1025, 1, 1024 at most",
        "1, 65536, 1, 1, 1, 65535",
        "1, 1, 65536, 1, 1, 65535",
        "-2147483648, 1, 1, 1, 1, 2147483647",
        "0, 1, 1, 1, 1, no blocks or no threads",
        "1, 1, 1, 0, 1, no blocks or no threads",
    })
    void sizesThatNoCardTakesAreFound(int x, int y, int z, int threads, int rows, String words) {
        long at = card.floats(new float[256]);
        int error = card.launch("storePast", new int[] {x, y, z}, new int[] {threads, rows, 1}, 0, at, 0);
        found(error, INVALID_VALUE, words);
    }

    @Test
    void aWrongNumberOfArgumentsIsFound() {
        long y = card.floats(new float[256]);
        found(card.launch("storePast", 1, 32, y), INVALID_VALUE, "takes 2 arguments, and 1 are given");
        found(card.launch("storePast", 1, 32, y, 0, 0), INVALID_VALUE, "takes 2 arguments, and at least 3 are given");
    }

    @Test
    void anArgumentThatIsNoDeviceMemoryIsFound() {
        long y = card.floats(new float[256]);
        assertThat(card.call("cuMemFree_v2", y)).isZero();
        found(card.launch("storePast", 1, 32, y, 0), ILLEGAL_ADDRESS, "no memory of the device");
        long host = card.arena.allocate(64).address();
        found(card.launch("storePast", 1, 32, host, 0), ILLEGAL_ADDRESS, "no memory of the device");
    }

    @Test
    void aMisalignedVectorIsFound() {
        long y = card.floats(new float[256]);
        found(card.launch("misaligned", 1, 32, y, y), 716, "misaligned");
    }

    @Test
    void tooManyLocalVariablesAreFound() {
        long y = card.floats(new float[256]);
        found(card.launch("deep", 1, 64, y, 20_000), LAUNCH_FAILED, "local variables");
    }

    /// The error that the launch gave, and what the complaint says; then the device is well again.
    private void found(int error, int expected, String... words) {
        assertThat(card.emulator.complaint()).contains(words);
        assertThat(error).isEqualTo(expected);
        MemorySegment out = card.arena.allocate(8);
        // After a kernel that failed nothing works any more; after a launch that was refused all does.
        assertThat(card.allocate(4, out)).isEqualTo(error >= 700 ? error : 0);
        card.emulator.forgive();
        assertThat(card.allocate(4, out)).isZero();
    }

    private static float[] counting(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = i;
        }
        return values;
    }
}
