package gradus.tensor.memory;

import static gradus.error.ShapeException.require;

import gradus.error.ResourceException;
import gradus.error.ShapeException;
import gradus.tensor.DType;
import java.lang.ref.Cleaner;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.bytedeco.javacpp.Pointer;

/// Lends backend memory and takes it back, so that a training step reuses the memory of the step before: no
/// allocation, no page faults, no INDArray. Blocks come in size classes an eighth of a power of two apart, last
/// returned first lent, while it is still in cache.
public final class BufferPool {
    private static final Map<Long, ArrayDeque<Block>> FREE = new HashMap<>();
    private static final Cleaner CLEANER = Cleaner.create();

    /// What the pool may hold: ND4J's limit on memory outside the heap. On a GPU the device has its own.
    private static final long LIMIT = Backend.isCpu() && Pointer.maxBytes() > 0 ? Pointer.maxBytes() : Long.MAX_VALUE;

    private static final int COLLECTIONS = 5;
    private static final long MOMENT = 20; // milliseconds
    private static long blocksCreated;
    private static long bytesHeld;
    private static long bytesFree;
    private static long ndarraysCreated;

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

    /// A buffer of uninitialised elements. It belongs to the innermost open [gradus.tensor.Scope] of this
    /// thread if there is one, else to the garbage collector.
    ///
    /// @throws ShapeException if the length is below 1
    public static Buffer allocate(DType dtype, int length) {
        requireLength(dtype, length);
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
    ///
    /// @throws ShapeException if the length is below 1
    public static Buffer allocateLasting(DType dtype, int length) {
        requireLength(dtype, length);
        return new Buffer(dtype, length, take(dtype, length)).keep();
    }

    private static void requireLength(DType dtype, int length) {
        require(dtype != null, "buffer: a type must be given; got null");
        require(length >= 1, "buffer: there must be at least 1 element; got %d", length);
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
        if (block.handedOut) {
            bytesHeld -= block.bytes(); // ND4J frees it when the last INDArray over it is gone
            return;
        }
        FREE.computeIfAbsent(key(block.dtype, block.capacity), k -> new ArrayDeque<>())
                .push(block);
        bytesFree += block.bytes();
    }

    private static synchronized Block take(DType dtype, int length) {
        Backend.start();
        long capacity = sizeClass(length);
        ArrayDeque<Block> free = FREE.get(key(dtype, capacity));
        Block block = free == null ? null : free.poll();
        if (block != null) {
            bytesFree -= block.bytes();
            return block;
        }
        makeRoom(capacity * dtype.bytes());
        try {
            block = new Block(dtype, capacity);
        } catch (OutOfMemoryError | RuntimeException first) {
            collect();
            try {
                block = new Block(dtype, capacity);
            } catch (OutOfMemoryError | RuntimeException again) {
                throw exhausted(capacity * dtype.bytes(), again);
            }
        }
        blocksCreated++;
        ndarraysCreated++;
        bytesHeld += block.bytes();
        return block;
    }

    /// ND4J does not keep to its own limit when it makes arrays, and a system ends a program that has taken
    /// too much without a word. So the pool keeps to it: it hands back what is free, then what the garbage
    /// collector finds.
    private static void makeRoom(long bytes) {
        if (bytes > LIMIT) {
            throw exhausted(bytes, null);
        }
        if (bytesHeld + bytes > LIMIT) {
            trim();
        }
        for (int attempt = 0; bytesHeld + bytes > LIMIT; attempt++) {
            if (attempt == COLLECTIONS) {
                throw exhausted(bytes, null);
            }
            collect();
        }
    }

    /// Finds buffers that nobody holds any more. To give them back, their cleaner needs the lock that this
    /// thread has, so it waits a moment.
    private static void collect() {
        System.gc();
        try {
            BufferPool.class.wait(MOMENT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        trim();
    }

    private static ResourceException exhausted(long bytes, Throwable cause) {
        String message = "off-heap memory exhausted: %,d bytes more were asked for while %,d of %,d are held; raise the"
                + " limit with -Dorg.bytedeco.javacpp.maxBytes=8g -Dorg.bytedeco.javacpp.maxPhysicalBytes=12g, or use a"
                + " smaller batch, context or model";
        return new ResourceException(String.format(Locale.ROOT, message, bytes, bytesHeld, LIMIT), cause);
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
