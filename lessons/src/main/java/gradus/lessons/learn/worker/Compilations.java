package gradus.lessons.learn.worker;

import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.grade.Verdict;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

/// Compiles in other processes, as many as there are texts at once: a text that makes the compiler run for
/// ever, or take all memory, ends one of those.
public final class Compilations implements Preparation, AutoCloseable {
    private static final long MILLIS = 60_000;

    private final Supplier<Launch> launch;
    private final ConcurrentLinkedQueue<Workers> free = new ConcurrentLinkedQueue<>();

    /// @param launch how each further process is started
    public Compilations(Supplier<Launch> launch) {
        this.launch = launch;
    }

    @Override
    public Prepared of(Exercise exercise, String text) throws InterruptedException {
        Workers taken = free.poll();
        Workers workers = taken == null ? new Workers(launch.get().toCompile(), false) : taken;
        try {
            return workers.ask(Request.compile(exercise.name(), text), MILLIS).prepared();
        } catch (Child.Unanswered e) {
            return Prepared.refused(
                    e.why == Child.Cause.TIME
                            ? Verdict.of(Verdict.Kind.LIMIT, "the compiler does not come to an end with the text")
                            : Verdict.of(Verdict.Kind.DIED, "the compiler ended while it read the text"));
        } finally {
            free.add(workers);
        }
    }

    @Override
    public void close() {
        free.forEach(Workers::close);
    }
}
