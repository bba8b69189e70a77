package gradus.tensor.memory;

import static gradus.error.ShapeException.require;

import gradus.error.ResourceException;
import gradus.error.ShapeException;
import gradus.tensor.type.DType;
import java.lang.ref.Cleaner;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/// Lends memory and takes it back, so that a training step reuses the memory of the step before: no allocation, no page
/// faults, no INDArray. Blocks come in size classes an eighth of a power of two apart, last returned first lent, while
/// it is still in cache. Each [Memory] has a pool of its own.
public final class BufferPool {
    private static final Map<Memory, BufferPool> POOLS = new ConcurrentHashMap<>();
    private static final Cleaner CLEANER = Cleaner.create();

    private static final int COLLECTIONS = 5;
    private static final long MOMENT = 20; // milliseconds
    private static final AtomicLong NDARRAYS_CREATED = new AtomicLong();
    private static volatile MemoryWatch watch; // or null

    private final Memory memory;
    private final Map<Long, ArrayDeque<Block>> free = new HashMap<>();
    private long blocksCreated;
    private long bytesHeld;
    private long bytesFree;

    private BufferPool(Memory memory) {
        this.memory = memory;
    }

    private static BufferPool of(Memory memory) {
        require(memory != null, "buffer: a memory must be given; got null");
        BufferPool pool = POOLS.get(memory);
        return pool != null ? pool : POOLS.computeIfAbsent(memory, BufferPool::new);
    }

    /// What the pools of all memories have done since the program began.
    ///
    /// @param blocksCreated   how often fresh memory was asked for
    /// @param ndarraysCreated how often an INDArray was made
    /// @param bytesHeld       memory now held, lent and free
    /// @param bytesFree       the free part of it
    public record Statistics(long blocksCreated, long ndarraysCreated, long bytesHeld, long bytesFree) {}

    public static Statistics statistics() {
        long blocks = 0;
        long held = 0;
        long unused = 0;
        for (BufferPool pool : POOLS.values()) {
            synchronized (pool) {
                blocks += pool.blocksCreated;
                held += pool.bytesHeld;
                unused += pool.bytesFree;
            }
        }
        return new Statistics(blocks, NDARRAYS_CREATED.get(), held, unused);
    }

    /// Tells a function of every block that this thread takes from a pool or gives back, until the watch is closed: the
    /// change of the memory that is lent, in bytes, below 0 for a block that is given back. For a look at one
    /// computation; there is one watch at a time.
    ///
    /// @throws ShapeException if there is another
    public static synchronized MemoryWatch watch(LongConsumer change) {
        require(change != null, "watch: a function must be given; got null");
        require(watch == null, "watch: the memory is watched already; close that watch first");
        watch = new MemoryWatch(change);
        return watch;
    }

    static synchronized void close(MemoryWatch one) {
        watch = watch == one ? null : watch;
    }

    private static void tell(long change) {
        MemoryWatch now = watch;
        if (now != null) {
            now.tell(change);
        }
    }

    /// A buffer of uninitialised elements. It belongs to the innermost open [gradus.tensor.Scope] of this
    /// thread if there is one, else to the garbage collector.
    ///
    /// @throws ShapeException if the length is below 1
    public static Buffer allocate(Memory memory, DType dtype, int length) {
        requireLength(dtype, length);
        ScopeMemory scope = ScopeMemory.current();
        BufferPool pool = of(memory);
        Buffer buffer = new Buffer(pool, length, pool.take(dtype, length));
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
    public static Buffer allocateLasting(Memory memory, DType dtype, int length) {
        requireLength(dtype, length);
        BufferPool pool = of(memory);
        return new Buffer(pool, length, pool.take(dtype, length)).keep();
    }

    private static void requireLength(DType dtype, int length) {
        require(dtype != null, "buffer: a type must be given; got null");
        require(length >= 1, "buffer: there must be at least 1 element; got %d", length);
    }

    /// Hands all free memory back to where it came from.
    public static void trim() {
        POOLS.values().forEach(BufferPool::freeUnused);
    }

    /// The same after a garbage collection, which finds what nobody holds any more. It takes a moment, and is for
    /// measurements: what is held afterwards is in use.
    public static void trimCollected() {
        for (int i = 0; i < 2; i++) { // what the first finds may hold more
            System.gc(); // one for all pools: it looks through the whole program
            try {
                Thread.sleep(MOMENT); // in which the cleaner gives the buffers back
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            trim();
        }
    }

    private synchronized void freeUnused() {
        for (ArrayDeque<Block> blocks : free.values()) {
            for (Block block : blocks) {
                bytesHeld -= block.bytes();
                block.free();
            }
        }
        free.clear();
        bytesFree = 0;
    }

    static void countNdArray() {
        NDARRAYS_CREATED.incrementAndGet();
    }

    synchronized void giveBack(Block block, int lending) {
        if (block.lending != lending) {
            return; // given back before
        }
        block.lending++;
        tell(-block.bytes());
        if (block.handedOut) {
            bytesHeld -= block.bytes();
            block.freeWhenUnseen();
            return;
        }
        free.computeIfAbsent(key(block.dtype(), block.capacity()), k -> new ArrayDeque<>())
                .push(block);
        bytesFree += block.bytes();
    }

    private synchronized Block take(DType dtype, int length) {
        Block block = found(dtype, length);
        tell(block.bytes());
        return block;
    }

    private Block found(DType dtype, int length) {
        long capacity = sizeClass(length);
        ArrayDeque<Block> blocks = free.get(key(dtype, capacity));
        Block block = blocks == null ? null : blocks.poll();
        if (block != null) {
            bytesFree -= block.bytes();
            return block;
        }
        makeRoom(capacity * dtype.bytes());
        try {
            block = memory.allocate(dtype, capacity);
        } catch (ResourceException noBackend) {
            throw noBackend;
        } catch (OutOfMemoryError | RuntimeException first) {
            collect();
            try {
                block = memory.allocate(dtype, capacity);
            } catch (OutOfMemoryError | RuntimeException again) {
                throw exhausted(capacity * dtype.bytes(), again);
            }
        }
        blocksCreated++;
        bytesHeld += block.bytes();
        return block;
    }

    /// A system ends a program that has taken too much memory without a word. So the pool keeps to the limit: it hands
    /// back what is free, then what the garbage collector finds.
    private void makeRoom(long bytes) {
        long limit = memory.limit();
        if (bytes > limit) {
            throw exhausted(bytes, null);
        }
        if (bytesHeld + bytes > limit) {
            freeUnused();
        }
        for (int attempt = 0; bytesHeld + bytes > limit; attempt++) {
            if (attempt == COLLECTIONS) {
                throw exhausted(bytes, null);
            }
            collect();
        }
    }

    /// Finds buffers that nobody holds any more. To give them back, their cleaner needs the lock that this
    /// thread has, so it waits a moment.
    private void collect() {
        System.gc();
        try {
            wait(MOMENT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        freeUnused();
    }

    private ResourceException exhausted(long bytes, Throwable cause) {
        return new ResourceException(memory.exhausted(bytes, bytesHeld), cause);
    }

    void giveBackWhenUnreachable(Buffer buffer, Block block, int lending) {
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
