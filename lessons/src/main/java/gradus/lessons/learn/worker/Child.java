package gradus.lessons.learn.worker;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// One worker's process, seen from outside.
final class Child implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(120);
    private static final int ENDING_SECONDS = 5;

    /// What is received: a reply, or that there will be none.
    private record Received(Reply reply) {}

    private final Process process;
    private final OutputStream out;
    private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();

    private Child(Process process) {
        this.process = process;
        this.out = new BufferedOutputStream(process.getOutputStream());
        Thread.ofPlatform().daemon().name("replies").start(this::receive);
    }

    /// Starts a process and waits until it takes requests.
    static Child start(Launch launch) throws IOException, InterruptedException, Unanswered {
        Child child = new Child(launch.start());
        try {
            child.next(START);
            return child;
        } catch (Unanswered | InterruptedException e) {
            child.close();
            throw e;
        }
    }

    /// Why no reply came.
    enum Cause {
        /// The time was up.
        TIME,
        /// The process ran out of memory.
        MEMORY,
        /// The process has ended, or said what no worker says.
        DEATH
    }

    /// No reply came.
    static final class Unanswered extends Exception {
        private static final long serialVersionUID = 1;

        final Cause why;

        Unanswered(Cause why) {
            super("no reply of a worker: " + why);
            this.why = why;
        }
    }

    private Unanswered ended() throws InterruptedException {
        boolean exited = process.waitFor(2, TimeUnit.SECONDS);
        return new Unanswered(exited && process.exitValue() == Worker.NO_MEMORY ? Cause.MEMORY : Cause.DEATH);
    }

    /// Asks and waits.
    Reply ask(Request request, Duration longest) throws InterruptedException, Unanswered {
        try {
            Frames.write(out, request::write);
            out.flush();
        } catch (IOException e) {
            throw ended();
        }
        return next(longest);
    }

    private Reply next(Duration longest) throws InterruptedException, Unanswered {
        Received each = received.poll(longest.toMillis(), TimeUnit.MILLISECONDS);
        if (each == null) {
            throw new Unanswered(Cause.TIME);
        }
        if (each.reply == null) {
            throw ended();
        }
        return each.reply;
    }

    private void receive() {
        try (var in = new java.io.BufferedInputStream(process.getInputStream())) {
            while (true) {
                received.add(new Received(Frames.read(in, Reply::read)));
            }
        } catch (IOException e) {
            received.add(new Received(null));
        }
    }

    boolean alive() {
        return process.isAlive();
    }

    /// Kills the process and all that it started, and waits until they are gone.
    @Override
    public void close() {
        List<ProcessHandle> all = Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .toList();
        all.forEach(ProcessHandle::destroyForcibly);
        CompletableFuture.allOf(all.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new))
                .completeOnTimeout(null, ENDING_SECONDS, TimeUnit.SECONDS)
                .join();
    }
}
