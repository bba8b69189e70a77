package gradus.lessons.learn.check;

import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/// Runs code of the course that may come to no end.
final class Watched {
    private static final int SECONDS = 5;

    private Watched() {}

    /// What the code gives, or nothing if it took more than five seconds; its thread is left to itself then.
    static <T> Optional<T> run(Supplier<T> code) {
        FutureTask<T> task = new FutureTask<>(code::get);
        Thread.ofPlatform().daemon().name("answer").start(task);
        try {
            return Optional.of(task.get(SECONDS, TimeUnit.SECONDS));
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
