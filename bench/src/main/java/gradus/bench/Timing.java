package gradus.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.function.LongSupplier;

/// How long something takes: medians over several runs.
///
/// @param millis    on the clock
/// @param cpuMillis of processor time, which other programs on the machine change less
public record Timing(double millis, double cpuMillis) {
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    /// Processor time is that of all this process's threads, in steps of 10 ms.
    ///
    /// @param warmup runs before the first that counts
    static Timing of(int warmup, int runs, Runnable work) {
        return of(SYSTEM::getProcessCpuTime, warmup, runs, work);
    }

    /// Processor time is that of the calling thread, exactly.
    static Timing ofThisThread(int warmup, int runs, Runnable work) {
        return of(THREADS::getCurrentThreadCpuTime, warmup, runs, work);
    }

    private static Timing of(LongSupplier processor, int warmup, int runs, Runnable work) {
        for (int i = 0; i < warmup; i++) {
            work.run();
        }
        double[] millis = new double[runs];
        double[] cpu = new double[runs];
        for (int i = 0; i < runs; i++) {
            long start = System.nanoTime();
            long cpuStart = processor.getAsLong();
            work.run();
            millis[i] = (System.nanoTime() - start) / 1e6;
            cpu[i] = (processor.getAsLong() - cpuStart) / 1e6;
        }
        return new Timing(median(millis), median(cpu));
    }

    /// Programs that wanted to run in the last minute, this one included.
    static double load() {
        return SYSTEM.getSystemLoadAverage();
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        return (values[(values.length - 1) / 2] + values[values.length / 2]) / 2;
    }
}
