package gradus.tensor.kernel.cuda;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// What each kernel costs on the card, between two events: with `-Dgradus.cuda.profile=true` it is printed when the
/// program ends. The program then waits for every kernel, so it is slower in all.
final class KernelProfile {
    private final CudaDriver driver;
    private final long before;
    private final long after;
    private final Map<String, double[]> times = new TreeMap<>(); // milliseconds, launches

    KernelProfile(CudaDriver driver) {
        this.driver = driver;
        before = driver.createEvent();
        after = driver.createEvent();
        Runtime.getRuntime().addShutdownHook(new Thread(this::print));
    }

    synchronized void measure(String kernel, long stream, Runnable launch) {
        driver.record(before, stream);
        launch.run();
        driver.record(after, stream);
        driver.await(after);
        double[] sums = times.computeIfAbsent(kernel, name -> new double[2]);
        sums[0] += driver.elapsed(before, after);
        sums[1]++;
    }

    private synchronized void print() {
        double total = times.values().stream().mapToDouble(sums -> sums[0]).sum();
        System.err.printf(Locale.ROOT, "%-28s%10s%9s%12s%7s%n", "kernel", "launches", "ms", "us each", "share");
        times.entrySet().stream()
                .sorted((a, b) -> Double.compare(b.getValue()[0], a.getValue()[0]))
                .forEach(entry -> System.err.printf(
                        Locale.ROOT,
                        "%-28s%10.0f%9.2f%12.1f%6.1f%%%n",
                        entry.getKey(),
                        entry.getValue()[1],
                        entry.getValue()[0],
                        1000 * entry.getValue()[0] / entry.getValue()[1],
                        100 * entry.getValue()[0] / total));
    }
}
