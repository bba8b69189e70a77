package gradus.bench.retrieve;

import static gradus.error.ConfigException.require;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/// How long each question of a run took.
///
/// @param millis  by question, ascending
/// @param seconds of the whole run
record Latencies(double[] millis, double seconds) {
    /// @param millis in any order
    Latencies {
        require(millis.length > 0, "latencies of no question were asked for");
        millis = millis.clone();
        Arrays.sort(millis);
    }

    /// Asks all questions once: each of some threads takes the next one as soon as it has done with one.
    static Latencies of(int threads, List<String> questions, Consumer<String> ask) throws InterruptedException {
        double[] millis = new double[questions.size()];
        AtomicInteger next = new AtomicInteger();
        CountDownLatch ready = new CountDownLatch(threads);
        CountDownLatch go = new CountDownLatch(1);
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            List<? extends Future<?>> all = IntStream.range(0, threads)
                    .mapToObj(t -> pool.submit(() -> {
                        ready.countDown();
                        go.await();
                        for (int q = next.getAndIncrement(); q < millis.length; q = next.getAndIncrement()) {
                            long start = System.nanoTime();
                            ask.accept(questions.get(q));
                            millis[q] = (System.nanoTime() - start) * 1e-6;
                        }
                        return null;
                    }))
                    .toList();
            ready.await();
            long start = System.nanoTime();
            go.countDown();
            for (Future<?> each : all) {
                each.get();
            }
            return new Latencies(millis, (System.nanoTime() - start) * 1e-9);
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof RuntimeException known ? known : new IllegalStateException(failed);
        }
    }

    /// The smallest latency that at least so many percent of the questions do not exceed: the nearest rank,
    /// ⌈p/100 · n⌉.
    ///
    /// @param percent above 0, at most 100
    double percentile(double percent) {
        require(percent > 0 && percent <= 100, "a percentile must be above 0 and at most 100; got %s", percent);
        return millis[(int) Math.ceil(percent / 100 * millis.length) - 1];
    }

    /// Questions answered in a second, by all threads.
    double perSecond() {
        return millis.length / seconds;
    }

    /// The sum of all.
    double total() {
        return Arrays.stream(millis).sum();
    }
}
