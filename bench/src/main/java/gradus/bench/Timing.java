package gradus.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;

/// How long something takes: medians over several runs.
///
/// @param millis    on the clock
/// @param cpuMillis of all this process's threads, which other programs on the machine hardly change
public record Timing(double millis, double cpuMillis) {
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    /// @param warmup runs before the first that counts
    static Timing of(int warmup, int runs, Runnable work) {
        for (int i = 0; i < warmup; i++) {
            work.run();
        }
        double[] millis = new double[runs];
        double[] cpu = new double[runs];
        for (int i = 0; i < runs; i++) {
            long start = System.nanoTime();
            long cpuStart = SYSTEM.getProcessCpuTime();
            work.run();
            millis[i] = (System.nanoTime() - start) / 1e6;
            cpu[i] = (SYSTEM.getProcessCpuTime() - cpuStart) / 1e6;
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
