package gradus.tensor.memory;

import gradus.error.ResourceException;
import gradus.tensor.DType;
import gradus.tensor.kernel.Backend;
import java.lang.ref.Cleaner;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/// Lends backend memory and takes it back, so that a training step reuses the memory of the step before: no
/// allocation, no page faults, no INDArray. Blocks come in size classes an eighth of a power of two apart, last
/// returned first lent, while it is still in cache.
public final class BufferPool {
    private static final Map<Long, ArrayDeque<Block>> FREE = new HashMap<>();
    private static final Cleaner CLEANER = Cleaner.create();
    private static long blocksCreated;
    private static long bytesHeld;
    private static long bytesFree;
    private static long ndarraysCreated;

    static {
        Backend.start();
    }

    private BufferPool() {}

    /// What the pool has done since the program began.
    ///
    /// @param blocksCreated   how often memory was asked of the backend
    /// @param ndarraysCreated how often an INDArray was made, one for each block included
    /// @param bytesHeld       memory now held, lent and free
    /// @param bytesFree       the free part of it
    public record Statistics(long blocksCreated, long ndarraysCreated, long bytesHeld, long bytesFree) {}

    public static synchronized Statistics statistics() {
        return new Statistics(blocksCreated, ndarraysCreated, bytesHeld, bytesFree);
    }

    /// A buffer of uninitialised elements. It belongs to the innermost open [gradus.tensor.Scope] of this thread if
    /// there is one, else to the garbage collector.
    public static Buffer allocate(DType dtype, int length) {
        ScopeMemory scope = ScopeMemory.current();
        Buffer buffer = new Buffer(dtype, length, take(dtype, length));
        if (scope != null) {
            scope.add(buffer);
        } else {
            buffer.keep();
        }
        return buffer;
    }

    /// A buffer that outlives any scope: a parameter, its gradient, an optimiser's state.
    public static Buffer allocateLasting(DType dtype, int length) {
        return new Buffer(dtype, length, take(dtype, length)).keep();
    }

    /// Hands all free memory back to the backend.
    public static synchronized void trim() {
        for (ArrayDeque<Block> blocks : FREE.values()) {
            for (Block block : blocks) {
                bytesHeld -= block.bytes();
                block.owner.close();
            }
        }
        FREE.clear();
        bytesFree = 0;
    }

    static synchronized void countNdArray() {
        ndarraysCreated++;
    }

    static synchronized void giveBack(Block block, int lending) {
        if (block.lending != lending) {
            return; // given back before
        }
        block.lending++;
        FREE.computeIfAbsent(key(block.dtype, block.capacity), k -> new ArrayDeque<>())
                .push(block);
        bytesFree += block.bytes();
    }

    private static synchronized Block take(DType dtype, int length) {
        long capacity = sizeClass(length);
        ArrayDeque<Block> free = FREE.get(key(dtype, capacity));
        Block block = free == null ? null : free.poll();
        if (block != null) {
            bytesFree -= block.bytes();
            return block;
        }
        try {
            block = new Block(dtype, capacity);
        } catch (OutOfMemoryError | RuntimeException first) {
            trim();
            System.gc();
            try {
                block = new Block(dtype, capacity);
            } catch (OutOfMemoryError | RuntimeException again) {
                throw new ResourceException(
                        ("off-heap memory exhausted: %,d bytes more were asked for while %,d are held; raise the limit with"
                                        + " -Dorg.bytedeco.javacpp.maxbytes=8g -Dorg.bytedeco.javacpp.maxphysicalbytes=12g,"
                                        + " or use a smaller batch, context or model")
                                .formatted(capacity * dtype.bytes(), bytesHeld),
                        again);
            }
        }
        blocksCreated++;
        ndarraysCreated++;
        bytesHeld += block.bytes();
        return block;
    }

    static void giveBackWhenUnreachable(Buffer buffer, Block block, int lending) {
        CLEANER.register(buffer, () -> giveBack(block, lending));
    }

    private static long key(DType dtype, long capacity) {
        return capacity * 2 + dtype.ordinal();
    }

    /// The next size at or above a length that is a multiple of an eighth of its power of two, at least 16.
    static long sizeClass(long length) {
        long step = Math.max(16, Long.highestOneBit(Math.max(1, length - 1)) / 8);
        return (length + step - 1) / step * step;
    }
}
