package gradus.lessons.lab.inference;

import gradus.tensor.kernel.vector.Parallel;
import java.lang.management.ManagementFactory;

/// Seconds of a piece of work: the fastest of several runs, which other programs of the machine disturbed least.
/// With several threads they are by the clock. With one, they are what this thread used of a processor, which does
/// not count what others did meanwhile.
final class Stopwatch {
    /// How many runs of a round there are, of which the fastest counts.
    static final int RUNS = 5;

    private static final double NANO = 1e-9;

    private Stopwatch() {}

    /// Whether seconds are those of a processor.
    static boolean ofProcessor() {
        return Parallel.THREADS == 1;
    }

    /// @param repeats of the work in a run
    static double fastest(int repeats, Runnable work) {
        double best = Double.MAX_VALUE;
        for (int run = 0; run < RUNS; run++) {
            long start = now();
            for (int i = 0; i < repeats; i++) {
                work.run();
            }
            best = Math.min(best, (now() - start) * NANO / repeats);
        }
        return best;
    }

    private static long now() {
        return ofProcessor() ? ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() : System.nanoTime();
    }
}
