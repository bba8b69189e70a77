package gradus.lessons.learn.worker;

import gradus.lessons.learn.compile.Compiler;
import gradus.lessons.learn.compile.Loaded;
import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Outcome;
import gradus.lessons.learn.exercise.Probe;
import gradus.lessons.learn.exercise.Stopped;
import gradus.lessons.learn.grade.Bank;
import gradus.lessons.learn.guard.Guard;
import gradus.tensor.Tensor;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The process that runs answers: takes requests from its standard input, gives what the answers gave to its
/// standard output, and knows no right results. When the input ends, so does the process, whatever an answer
/// does.
public final class Worker {
    private static final long STACK = 4L << 20;

    /// What a stopped answer gets to come to its next check, in milliseconds.
    private static final long GRACE = 1000;

    /// How much longer an answer may take than it works.
    static final int IDLE = 5;

    /// The process's exit value where there was no memory left even to say so.
    static final int NO_MEMORY = 77;

    private static final ThreadMXBean CLOCKS = ManagementFactory.getThreadMXBean();

    private final Map<String, Exercise> exercises;
    private final OutputStream out;
    private final Printed printed = new Printed();
    private Compilation compilation;

    private Worker(List<Exercise> exercises, OutputStream out) {
        this.exercises = exercises.stream().collect(Collectors.toMap(Exercise::name, Function.identity()));
        this.out = out;
    }

    /// @param arguments the name of a class with a method `exercises` that gives all exercises; a second one,
    ///     whatever it is, if this process is only to compile
    public static void main(String[] arguments) throws Exception {
        InputStream in = new FileInputStream(FileDescriptor.in);
        OutputStream out = new BufferedOutputStream(new FileOutputStream(FileDescriptor.out));
        System.setIn(InputStream.nullInputStream());
        BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
        Thread.ofPlatform().daemon().name("requests").start(() -> receive(in, requests));
        Worker worker = new Worker(exercises(arguments[0]), out);
        worker.capture();
        if (arguments.length == 1) {
            Tensor.ones(1).exp().toArray(); // takes a while the first time
        }
        worker.send(new Reply(List.of(), "", "", null));
        PrintStream problems = new PrintStream(new FileOutputStream(FileDescriptor.err));
        try {
            while (true) {
                worker.send(worker.reply(requests.take()));
            }
        } catch (OutOfMemoryError e) {
            Runtime.getRuntime().halt(NO_MEMORY);
        } catch (Throwable e) {
            e.printStackTrace(problems);
            Runtime.getRuntime().halt(1); // whatever threads an answer left
        }
    }

    private static void receive(InputStream in, BlockingQueue<Request> requests) {
        try {
            while (true) {
                requests.add(Frames.read(in, Request::read));
            }
        } catch (IOException e) {
            Runtime.getRuntime().halt(0);
        }
    }

    @SuppressWarnings("unchecked")
    private static List<Exercise> exercises(String course) throws ReflectiveOperationException {
        return (List<Exercise>) Class.forName(course).getMethod("exercises").invoke(null);
    }

    private void capture() {
        PrintStream stream = new PrintStream(printed, false, StandardCharsets.UTF_8);
        System.setOut(stream);
        System.setErr(stream);
    }

    private void send(Reply reply) throws IOException {
        Frames.write(out, reply::write);
        out.flush();
    }

    private Reply reply(Request request) throws InterruptedException {
        Exercise exercise = exercises.get(request.exercise());
        if (request.text() != null) {
            if (compilation == null) {
                compilation = new Compilation(new Compiler());
            }
            return Reply.of(compilation.of(exercise, request.text()));
        }
        Run run = new Run(exercise, request);
        Guard.begin(request.arrayBytes());
        Thread thread = new Thread(null, run, "answer", STACK);
        thread.setDaemon(true);
        thread.start();
        if (!ends(thread, request.millis())) {
            Guard.stop();
            if (!ends(thread, request.millis() + GRACE)) {
                run.stopped = "it does not come to an end, nor to a place where it can be stopped";
            }
        }
        return fitting(new Reply(run.outcomes(), run.stopped, cut(printed.take()), null));
    }

    /// Waits for a thread until it has worked for so long, by its own clock: on a busy machine it gets more
    /// time. One that only waits is given up too, later.
    private static boolean ends(Thread thread, long millis) throws InterruptedException {
        long start = System.nanoTime();
        while (thread.isAlive()) {
            long worked = TimeUnit.NANOSECONDS.toMillis(CLOCKS.getThreadCpuTime(thread.threadId()));
            long passed = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            if (worked > millis || passed > IDLE * millis) {
                return false;
            }
            thread.join(20);
        }
        return true;
    }

    /// What an answer gave may be too large to be sent.
    private static Reply fitting(Reply reply) {
        try {
            long numbers = reply.outcomes().stream()
                    .flatMap(each -> each.seen().stream())
                    .mapToLong(each -> each.numbers() == null ? each.text().length() / 4 : each.numbers().length)
                    .sum();
            if (numbers > Frames.LONGEST / 16) {
                return new Reply(
                        List.of(),
                        String.format(Locale.ROOT, "it gives more than can be looked at: %,d numbers", numbers),
                        "",
                        null);
            }
            Frames.write(OutputStream.nullOutputStream(), reply::write);
            return reply;
        } catch (IOException e) {
            return new Reply(List.of(), "what it gives has a name that is too long", "", null);
        }
    }

    private static String cut(String text) {
        return text.length() <= 4000 ? text : text.substring(0, 4000);
    }

    /// Tries one answer out.
    private static final class Run implements Runnable {
        private final Exercise exercise;
        private final Request request;
        private final List<Outcome> outcomes = new ArrayList<>();
        private volatile String stopped = "";

        Run(Exercise exercise, Request request) {
            this.exercise = exercise;
            this.request = request;
        }

        synchronized List<Outcome> outcomes() {
            return List.copyOf(outcomes);
        }

        private synchronized void add(Outcome outcome) {
            outcomes.add(outcome);
        }

        @Override
        public void run() {
            try {
                Class<?> answer = request.classes().isEmpty()
                        ? exercise.answer()
                        : Loaded.of(request.className(), request.classes());
                for (Probe probe : exercise.probes()) {
                    Outcome outcome = Bank.outcome(exercise, probe, answer, request.seed());
                    stopped = limit(outcome.failure());
                    if (!stopped.isEmpty()) {
                        return;
                    }
                    add(outcome);
                }
            } catch (Stopped e) {
                stopped = e.getMessage();
            } catch (Throwable e) {
                Throwable cause = e instanceof ExceptionInInitializerError && e.getCause() != null ? e.getCause() : e;
                Outcome.Failure failure = new Outcome.Failure(
                        cause.getClass().getSimpleName(), String.valueOf(cause.getMessage()), line(cause));
                stopped = limit(failure);
                if (stopped.isEmpty()) {
                    add(new Outcome(List.of(), failure, List.of(), null));
                }
            }
        }

        private int line(Throwable thrown) {
            for (StackTraceElement frame : thrown.getStackTrace()) {
                if (frame.getClassName().startsWith(request.className())) {
                    return Math.max(0, frame.getLineNumber());
                }
            }
            return 0;
        }

        /// The sentence for what ended because memory did; empty for anything else.
        private static String limit(Outcome.Failure failure) {
            if (failure == null) {
                return "";
            }
            String line = failure.line() > 0 ? " (line " + failure.line() + ")" : "";
            return switch (failure.type()) {
                case "OutOfMemoryError", "ResourceException" ->
                    "it takes more memory than it may" + line + ": does something grow without end?";
                case "StackOverflowError" ->
                    "its calls are nested too deeply" + line + ": does a method call itself without end?";
                default -> "";
            };
        }
    }
}
