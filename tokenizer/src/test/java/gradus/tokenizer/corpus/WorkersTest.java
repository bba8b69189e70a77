package gradus.tokenizer.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ResourceException;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicIntegerArray;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.NotEmpty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class WorkersTest {
    @Property(tries = 200)
    void everyNumberIsWorkedOnOnce(
            @ForAll @IntRange(min = 1, max = 9) int threads,
            @ForAll @IntRange(min = 0, max = 200) int count,
            @ForAll @IntRange(min = 1, max = 40) int step) {
        var times = new AtomicIntegerArray(count);
        var byWorker = new AtomicIntegerArray(threads);
        Workers.run(threads, count, step, (worker, number) -> {
            times.incrementAndGet(number);
            byWorker.incrementAndGet(worker); // IndexOutOfBoundsException for a worker that is none of them
        });
        for (int i = 0; i < count; i++) {
            assertThat(times.get(i)).as("number %s", i).isOne();
        }
    }

    /// Numbers are handed out in order and begun ones are finished, so the first failure is the same in every run.
    @Property(tries = 200)
    void theFailureAtTheLeastNumberIsThrown(
            @ForAll @IntRange(min = 1, max = 9) int threads,
            @ForAll @IntRange(min = 1, max = 40) int step,
            @ForAll @NotEmpty Set<@IntRange(min = 0, max = 199) Integer> failing) {
        int first = failing.stream().mapToInt(i -> i).min().orElseThrow();
        assertThatThrownBy(() -> Workers.run(threads, 200, step, (worker, number) -> {
                    if (failing.contains(number)) {
                        throw new IllegalStateException("at " + number);
                    }
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("at " + first);
    }

    @Test
    void anErrorArrivesAsItIs() {
        var full = new OutOfMemoryError("Java heap space");
        assertThatCode(() -> Workers.run(3, 100, 1, (worker, number) -> {
                    throw full;
                }))
                .isSameAs(full);
    }

    /// With one thread it is known what comes after the failure: nothing.
    @Test
    void nothingIsHandedOutAfterAFailure() {
        var times = new AtomicIntegerArray(100);
        assertThatThrownBy(() -> Workers.run(1, 100, 4, (worker, number) -> {
                    times.incrementAndGet(number);
                    if (number == 5) {
                        throw new IllegalStateException("five");
                    }
                }))
                .hasMessage("five");
        assertThat(times.get(5)).isOne();
        assertThat(times.get(6)).isZero();
        assertThat(times.get(8)).isZero();
    }

    /// An interrupt of the caller ends the work after the numbers in hand, and the caller stays interrupted.
    @Test
    @Timeout(60)
    void anInterruptEndsTheWork() throws InterruptedException {
        var begun = new CountDownLatch(2);
        var interrupted = new CountDownLatch(1);
        var seen = new Object() {
            Throwable failure;
            boolean flag;
        };
        Thread caller = Thread.ofPlatform().start(() -> {
            try {
                Workers.run(2, 1000, 1, (worker, number) -> {
                    begun.countDown();
                    await(interrupted);
                });
            } catch (ResourceException e) {
                seen.failure = e;
                seen.flag = Thread.currentThread().isInterrupted();
            }
        });
        begun.await();
        caller.interrupt();
        while (caller.isInterrupted()) { // until the caller has taken notice
            Thread.onSpinWait();
        }
        interrupted.countDown();
        caller.join();
        assertThat(seen.failure).hasMessage("interrupted while tokenizing");
        assertThat(seen.flag).isTrue();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
