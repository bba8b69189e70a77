package gradus.tensor.memory;

import java.util.function.LongConsumer;

/// Looks at what one thread takes from the pools and gives back, see [BufferPool#watch].
public final class MemoryWatch implements AutoCloseable {
    private final LongConsumer change;
    private final Thread thread = Thread.currentThread();

    MemoryWatch(LongConsumer change) {
        this.change = change;
    }

    /// Others give blocks back too: the garbage collector does, in a thread of its own.
    void tell(long bytes) {
        if (Thread.currentThread() == thread) {
            change.accept(bytes);
        }
    }

    /// Ends the watch. Closing again does nothing.
    @Override
    public void close() {
        BufferPool.close(this);
    }
}
