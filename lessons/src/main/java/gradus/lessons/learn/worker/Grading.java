package gradus.lessons.learn.worker;

import gradus.lessons.Course;
import gradus.lessons.learn.compile.Compiler;
import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.grade.Bank;
import gradus.lessons.learn.grade.Grader;
import gradus.lessons.learn.grade.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/// Grades answers: compiles the text, looks for what an answer must not do, runs it in a process of its own, and
/// compares what it gave with the right answer. No line of an answer runs in this process.
public final class Grading implements AutoCloseable {
    private static final int LINES = 8;

    /// How long nothing must be asked before the numbers of the last exercise are drawn anew.
    private static final long IDLE_MILLIS = 700;

    /// A worker that has not stopped an answer after so many times what it may take cannot.
    private static final int FORCE = 2 * Worker.IDLE;

    private final Preparation preparation;
    private final Banks banks;
    private final Workers workers;
    private final Launch launch;
    private final ScheduledExecutorService idle;
    private ScheduledFuture<?> renewal;

    /// For the exercises of [Course]; begins to start a worker in the background.
    public Grading() {
        this(Course.class);
    }

    /// For other exercises.
    ///
    /// @param course has a static method `exercises` that gives all of them
    public Grading(Class<?> course) {
        Compiler compiler = new Compiler();
        this.launch = Launch.of(course);
        this.workers = new Workers(launch, true);
        this.preparation = new Compilation(compiler);
        this.banks = new Banks(compiler);
        this.idle = Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform()
                .daemon()
                .name("idle")
                .priority(Thread.MIN_PRIORITY)
                .factory());
    }

    /// For many learners, each with a worker of its own, who share the rest.
    public Grading(Launch launch, Preparation preparation, Banks banks) {
        this.launch = launch;
        this.workers = new Workers(launch, false);
        this.preparation = preparation;
        this.banks = banks;
        this.idle = null;
    }

    /// What is to be said of an answer. Never throws because of what stands in the text.
    ///
    /// @param source the whole file of the learner
    public synchronized Verdict verdict(Exercise exercise, String source) throws InterruptedException {
        if (renewal != null) {
            renewal.cancel(false);
        }
        Prepared prepared = preparation.of(exercise, source); // first: it and the bank have one compiler
        Banks.Entry bank = banks.of(exercise);
        if (prepared.verdict() != null) {
            return prepared.verdict();
        }
        Request request = Request.run(exercise.name(), prepared, bank.seed(), bank.millis(), launch.arrayBytes());
        try {
            Reply reply = workers.ask(request, FORCE * (request.millis() + 1000));
            Optional<Verdict> early = reply.stopped().isEmpty()
                    ? Grader.early(exercise, bank.right(), reply.outcomes())
                    : Optional.empty();
            return early.isPresent() ? early.get() : judged(bank.get(), reply);
        } catch (Child.Unanswered e) {
            return switch (e.why) {
                case DEATH -> Verdict.of(Verdict.Kind.DIED, "it ended the process that ran it");
                case MEMORY -> Verdict.of(Verdict.Kind.LIMIT, "it takes all memory: does something grow without end?");
                case TIME ->
                    Verdict.of(Verdict.Kind.LIMIT, "it does not come to an end, and had to be stopped by force");
            };
        } finally {
            if (idle != null) {
                renewal = idle.schedule(() -> banks.renew(exercise), IDLE_MILLIS, TimeUnit.MILLISECONDS);
            }
        }
    }

    private static Verdict judged(Bank bank, Reply reply) {
        Verdict verdict = new Grader(bank).verdict(reply.outcomes());
        int reached = reply.outcomes().size();
        List<String> details = new ArrayList<>(verdict.details());
        boolean stopped = !reply.stopped().isEmpty() && reached < bank.right().size();
        if (stopped) {
            String probe = bank.exercise().probes().get(reached).name();
            if (verdict.kind() == Verdict.Kind.LIMIT) {
                verdict = Verdict.of(Verdict.Kind.LIMIT, reply.stopped());
                details.add("probe: " + probe);
            } else {
                details.add("and on the probe \"" + probe + "\" " + reply.stopped());
            }
        }
        if (!verdict.passed()) {
            details.addAll(printed(reply.printed()));
        }
        return new Verdict(verdict.kind(), verdict.sentence(), List.copyOf(details));
    }

    private static List<String> printed(String text) {
        List<String> lines = text.lines().limit(LINES + 1).toList();
        if (lines.isEmpty()) {
            return List.of();
        }
        List<String> shown = new ArrayList<>(List.of("it printed:"));
        lines.stream().limit(LINES).forEach(line -> shown.add("  " + line));
        if (lines.size() > LINES) {
            shown.add("  …");
        }
        return shown;
    }

    /// Prepares for an exercise, in the background, so that its first verdict comes fast.
    public void warmUp(Exercise exercise) {
        Thread.ofPlatform().daemon().name("warm up").start(() -> {
            try {
                banks.of(exercise);
                preparation.of(exercise, exercise.source().stub(exercise.name()));
                workers.warmUp(exercise);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    @Override
    public void close() {
        if (idle != null) {
            idle.shutdownNow();
        }
        workers.close();
    }
}
