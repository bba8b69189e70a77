package gradus.lessons.learn.submissions;

import gradus.lessons.Course;
import gradus.lessons.learn.compile.Compiler;
import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.grade.Verdict;
import gradus.lessons.learn.worker.Banks;
import gradus.lessons.learn.worker.Compilations;
import gradus.lessons.learn.worker.Grading;
import gradus.lessons.learn.worker.Launch;
import gradus.lessons.learn.worker.Preparation;
import gradus.tensor.memory.Backend;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Grades many learners' folders side by side. No learner's code runs here, and not even the compiler reads
/// it here: each submission is run in a process of its own behind a [Fence], and compiled in another; this
/// process hands texts and class files around and compares.
public final class Submissions {
    /// What is graded, and how.
    ///
    /// @param exercises which exercises
    /// @param course    a class with a static method `exercises` that gives them and all others
    /// @param atOnce    how many submissions side by side
    /// @param longest   for all exercises of one submission together; what is left then is not run
    /// @param fence     what keeps answers from the machine
    public record Options(List<Exercise> exercises, Class<?> course, int atOnce, Duration longest, Fence fence) {
        public Options {
            exercises = List.copyOf(exercises);
        }

        /// All exercises of the course, as many submissions at once as there are cores, three minutes each.
        public static Options standard() throws InterruptedException {
            return new Options(
                    Course.exercises(),
                    Course.class,
                    Runtime.getRuntime().availableProcessors(),
                    Duration.ofMinutes(3),
                    Fence.find());
        }

        public Options only(List<Exercise> some) {
            return new Options(some, course, atOnce, longest, fence);
        }
    }

    private static final int ATTEMPTS = 10;
    private static final int PAUSE_MILLIS = 50;

    private final Options options;
    private final Path scratch;
    private final Banks banks = new Banks(new Compiler());
    private int folders;

    private Submissions(Options options, Path scratch) {
        this.options = options;
        this.scratch = scratch;
    }

    /// Grades folders.
    ///
    /// @param done is told of each submission that is finished, by whatever thread
    public static Grades grade(List<Path> folders, Options options, Consumer<Grades.Submission> done)
            throws IOException, InterruptedException {
        Backend.start(); // unpacks ND4J's libraries, for which there is no room behind a fence
        Path scratch = Files.createTempDirectory("gradus-grade");
        try {
            return new Submissions(options, scratch).all(folders, done);
        } finally {
            delete(scratch);
        }
    }

    private Grades all(List<Path> submissions, Consumer<Grades.Submission> done) throws InterruptedException {
        ExecutorService lanes = Executors.newFixedThreadPool(
                Math.max(1, options.atOnce()),
                Thread.ofPlatform().daemon().name("grade-", 0).factory());
        try (Compilations compilations = new Compilations(() -> launch("compiler"))) {
            List<Future<Grades.Submission>> futures = new ArrayList<>();
            for (Path each : submissions) {
                futures.add(lanes.submit(() -> {
                    Grades.Submission submission = one(each, compilations);
                    done.accept(submission);
                    return submission;
                }));
            }
            List<Grades.Submission> all = new ArrayList<>();
            for (Future<Grades.Submission> each : futures) {
                all.add(each.get());
            }
            return new Grades(options.fence().toString(), List.copyOf(all));
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } finally {
            lanes.shutdownNow();
        }
    }

    private Launch launch(String kind) {
        Path folder;
        synchronized (this) {
            folder = scratch.resolve(kind + ++folders);
        }
        try {
            return options.fence().around(Launch.of(options.course()), Files.createDirectory(folder));
        } catch (IOException e) {
            throw new UncheckedIOException("no folder for a process", e);
        }
    }

    private Grades.Submission one(Path folder, Preparation preparation) throws InterruptedException {
        String name = folder.toAbsolutePath().normalize().getFileName().toString();
        List<Grades.Result> results = new ArrayList<>();
        long end = System.nanoTime() + options.longest().toNanos();
        Answers answers;
        try {
            answers = Answers.in(folder, options.exercises());
        } catch (IOException e) {
            Verdict unread = Verdict.of(Verdict.Kind.UNWRITTEN, "the folder cannot be read: " + e.getMessage());
            options.exercises().forEach(each -> results.add(new Grades.Result(each.toString(), unread, 0)));
            return new Grades.Submission(name, List.copyOf(results));
        }
        try (Grading grading = new Grading(launch("answer"), preparation, banks)) {
            for (Exercise exercise : options.exercises()) {
                long start = System.nanoTime();
                Verdict verdict = start - end > 0
                        ? Verdict.of(
                                Verdict.Kind.LIMIT,
                                "not run: the answers before took all of the "
                                        + options.longest().toSeconds() + " s that a submission may take")
                        : verdict(grading, exercise, answers);
                long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
                results.add(new Grades.Result(exercise.toString(), verdict, millis));
            }
        }
        return new Grades.Submission(name, List.copyOf(results));
    }

    private static Verdict verdict(Grading grading, Exercise exercise, Answers answers) throws InterruptedException {
        try {
            Optional<String> text = answers.text(exercise);
            return text.isEmpty()
                    ? Verdict.of(Verdict.Kind.UNWRITTEN, "there is no file " + exercise.name() + ".java")
                    : grading.verdict(exercise, text.get());
        } catch (IOException e) {
            return Verdict.of(Verdict.Kind.UNWRITTEN, exercise.name() + ".java: " + e.getMessage());
        }
    }

    /// What cannot be removed, since something still writes there, is tried again and then left to the system: no
    /// verdict is to be lost for it.
    static void delete(Path folder) throws InterruptedException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try {
                remove(folder);
                return;
            } catch (IOException busy) {
                Thread.sleep(PAUSE_MILLIS);
            }
        }
    }

    private static void remove(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path each, IOException e) throws IOException {
                Files.delete(each);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
