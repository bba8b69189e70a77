package gradus.lessons.lab.retrieve;

import java.lang.management.ManagementFactory;
import java.util.Locale;

/// How long parts of an experiment took, by the clock and by what this program used of the processor, which
/// does not count what others did meanwhile.
final class Clock {
    private static final double NANO = 1e-9;

    private long wall = System.nanoTime();
    private long processor = processor();

    /// Since the last time.
    String lap() {
        long wallNow = System.nanoTime();
        long processorNow = processor();
        String lap = String.format(
                Locale.ROOT,
                "%.0f s, %.0f s of processor time",
                (wallNow - wall) * NANO,
                (processorNow - processor) * NANO);
        wall = wallNow;
        processor = processorNow;
        return lap;
    }

    private static long processor() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean here
                ? here.getProcessCpuTime()
                : 0;
    }
}
