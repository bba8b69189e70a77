package gradus.lessons.learn.worker;

import gradus.lessons.learn.exercise.Exercise;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/// One worker that is warm and, where there is a spare, one that takes its place when it must be killed.
public final class Workers implements AutoCloseable {
    private final Launch launch;
    private final boolean withSpare;
    private FutureTask<Child> current;
    private FutureTask<Child> spare;
    private String warmedFor = "";
    private boolean closed;

    /// Begins to start a worker, in the background.
    ///
    /// @param withSpare whether a second one waits
    public Workers(Launch launch, boolean withSpare) {
        this.launch = launch;
        this.withSpare = withSpare;
        this.current = starting("");
    }

    private FutureTask<Child> starting(String exercise) {
        FutureTask<Child> task = new FutureTask<>(() -> {
            Child child = Child.start(launch);
            if (!exercise.isEmpty()) {
                child.ask(Request.warm(exercise), Duration.ofSeconds(120));
            }
            return child;
        });
        Thread.ofPlatform().daemon().name("worker").start(task);
        return task;
    }

    /// Lets the worker run the right answer, so that the learner's finds everything loaded.
    synchronized void warmUp(Exercise exercise) throws InterruptedException {
        if (warmedFor.equals(exercise.name())) {
            return;
        }
        warmedFor = exercise.name();
        try {
            child().ask(Request.warm(exercise.name()), Duration.ofSeconds(120));
        } catch (Child.Unanswered e) {
            replace();
        }
    }

    /// Asks a worker. One that does not answer is killed, and another takes its place.
    ///
    /// @param millis when to give up, by the clock on the wall
    synchronized Reply ask(Request request, long millis) throws InterruptedException, Child.Unanswered {
        Child child = child();
        try {
            Reply reply = child.ask(request, Duration.ofMillis(millis));
            warmedFor = request.exercise();
            if (!reply.stopped().isEmpty()) {
                replace(); // what a stopped answer left behind is not worth finding out
            } else if (withSpare && spare == null) {
                spare = starting(request.exercise());
            }
            return reply;
        } catch (Child.Unanswered e) {
            replace();
            throw e;
        } catch (InterruptedException e) {
            replace(); // its reply would be taken for that of the next request
            throw e;
        }
    }

    private Child child() throws InterruptedException {
        Child child = got(current);
        if (!child.alive()) {
            replace();
            child = got(current);
        }
        return child;
    }

    private static Child got(FutureTask<Child> task) throws InterruptedException {
        try {
            return task.get();
        } catch (ExecutionException e) {
            throw new UncheckedIOException(
                    new IOException("no process can be started to run answers in: " + e.getCause(), e.getCause()));
        }
    }

    private void replace() {
        kill(current);
        current = spare == null ? starting(warmedFor) : spare;
        spare = null;
        if (withSpare && !closed) {
            spare = starting(warmedFor);
        }
    }

    /// Kills the worker, or what will be one when it has started.
    ///
    /// @return what waits for the start
    private static Optional<Thread> kill(FutureTask<Child> task) {
        if (task == null) {
            return Optional.empty();
        }
        if (task.isDone()) {
            end(task);
            return Optional.empty();
        }
        return Optional.of(Thread.ofPlatform().daemon().name("end").start(() -> end(task)));
    }

    private static void end(FutureTask<Child> task) {
        try {
            task.get().close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            return; // it never started
        }
    }

    /// Without a spare, as answers are graded, comes back when the worker is gone, even one that was just being
    /// started: whoever grades removes its folder then. A learner who leaves does not wait.
    @Override
    public synchronized void close() {
        closed = true;
        Optional<Thread> ending = kill(current);
        kill(spare);
        if (!withSpare && ending.isPresent()) {
            try {
                ending.get().join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
