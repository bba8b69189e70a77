package gradus.bench;

import gradus.tensor.Tensor;
import gradus.tensor.kernel.vector.Parallel;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// How fast this machine's memory is read by all threads at once.
final class MemoryBandwidth {
    private static final int FLOATS = 1 << 27; // 512 MiB: far more than any cache holds
    private static final int RUNS = 12;
    private static final int STREAMS = 4; // places where a thread reads at the same time

    private MemoryBandwidth() {}

    /// GB/s, the best of several runs.
    static double reading() {
        Tensor x = Tensor.ones(FLOATS);
        MemorySegment memory = MemorySegment.ofAddress(x.buffer().address()).reinterpret(4L * FLOATS);
        long[] sums = new long[Parallel.THREADS];
        double best = 0;
        for (int run = 0; run < RUNS; run++) {
            long start = System.nanoTime();
            Parallel.run((part, parts) -> {
                long bytes = 4L * FLOATS / parts / (8 * STREAMS) * (8 * STREAMS);
                sums[part] += sum(memory.asSlice(part * bytes, bytes));
            });
            best = Math.max(best, 4.0 * FLOATS / (System.nanoTime() - start));
        }
        x.close();
        if (sums[0] == 0) {
            throw new AssertionError("nothing was read"); // keeps the compiler from leaving the reading out
        }
        return best;
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
