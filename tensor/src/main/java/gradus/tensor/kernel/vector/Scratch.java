package gradus.tensor.kernel.vector;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Working memory of one thread for the inside of a kernel; the next kernel on the thread overwrites it.
final class Scratch {
    private static final ThreadLocal<Scratch> OWN = ThreadLocal.withInitial(Scratch::new);

    private MemorySegment memory = MemorySegment.NULL;

    private Scratch() {}

    /// The address of room for this many floats, aligned to a cache line.
    static long floats(long count) {
        Scratch own = OWN.get();
        if (own.memory.byteSize() < 4 * count) {
            own.memory = Arena.ofAuto().allocate(4 * count, 64);
        }
        return own.memory.address();
    }
}
