package gradus.train.cli.machine;

import gradus.tensor.Tensor;
import gradus.tensor.kernel.vector.Parallel;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// How fast this machine's memory is read by all threads at once.
public final class MemoryBandwidth implements AutoCloseable {
    private static final int FLOATS = 1 << 27; // 512 MiB: far more than any cache holds
    private static final int STREAMS = 4; // places where a thread reads at the same time

    private final int floats;
    private final Tensor x;
    private final long[] sums = new long[Parallel.THREADS];

    public MemoryBandwidth() {
        this(FLOATS);
    }

    /// @param floats that are read each time, more than the caches hold
    public MemoryBandwidth(int floats) {
        this.floats = floats;
        this.x = Tensor.ones(floats).keep();
    }

    /// What one reading reads.
    public long bytes() {
        return 4L * floats;
    }

    /// GB/s, now.
    public double reading() {
        long start = System.nanoTime();
        Parallel.run(this::read);
        double seconds = (System.nanoTime() - start) * 1e-9;
        if (sums[0] == 0) {
            throw new AssertionError("nothing was read"); // keeps the compiler from leaving the reading out
        }
        return 4e-9 * floats / seconds;
    }

    private void read(int part, int parts) {
        long bytes = 4L * floats / parts / (8 * STREAMS) * (8 * STREAMS);
        MemorySegment memory = MemorySegment.ofAddress(x.buffer().address()).reinterpret(4L * floats);
        sums[part] += sum(memory.asSlice(part * bytes, bytes));
    }

    @Override
    public void close() {
        x.close();
    }

    private static long sum(MemorySegment memory) {
        long stream = memory.byteSize() / STREAMS;
        long a = 0;
        long b = 0;
        long c = 0;
        long d = 0;
        for (long i = 0; i < stream; i += 8) {
            a += memory.get(ValueLayout.JAVA_LONG_UNALIGNED, i);
            b += memory.get(ValueLayout.JAVA_LONG_UNALIGNED, i + stream);
            c += memory.get(ValueLayout.JAVA_LONG_UNALIGNED, i + 2 * stream);
            d += memory.get(ValueLayout.JAVA_LONG_UNALIGNED, i + 3 * stream);
        }
        return a + b + c + d;
    }
}
