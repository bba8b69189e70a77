package gradus.lessons.learn.folder;

import gradus.error.DataException;
import gradus.error.FileReason;
import gradus.error.ResourceException;
import gradus.error.UsageException;
import gradus.lessons.Course;
import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Source;
import gradus.train.checkpoint.AtomicFile;
import gradus.train.run.provenance.Release;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// A learner's own folder: a small Maven project with a file for each exercise, and how far the learner has
/// come. What a learner wrote is never written over, and no answer of the course stands in it.
public final class LearnerFolder {
    private static final String PROGRESS = "progress.txt";
    private static final String ASSIGNMENT = "assignment.txt";
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT);

    private final Path root;
    private final List<Exercise> exercises;
    private Progress progress;

    private LearnerFolder(Path root, List<Exercise> exercises, Progress progress) {
        this.root = root;
        this.exercises = exercises;
        this.progress = progress;
    }

    /// Whether a folder is a learner's.
    public static boolean isOne(Path root) {
        return Files.isRegularFile(root.resolve(PROGRESS));
    }

    /// Opens what [#create] made, with the course's exercises.
    public static LearnerFolder open(Path root) {
        return open(root, Course.exercises());
    }

    /// @param course all exercises
    /// @throws UsageException if the folder is not a learner's
    public static LearnerFolder open(Path root, List<Exercise> course) {
        if (!isOne(root)) {
            throw new UsageException(root + " is not a learner's folder: it has no " + PROGRESS + "; gradus learn "
                    + root + " makes one");
        }
        Path file = root.resolve(PROGRESS);
        Progress progress = Progress.parse(file.toString(), read(file));
        return new LearnerFolder(root, chosen(root.resolve(ASSIGNMENT), course), progress);
    }

    private static List<Exercise> chosen(Path assignment, List<Exercise> course) {
        return Files.exists(assignment)
                ? Assignment.parse(assignment.toString(), read(assignment), course)
                : List.copyOf(course);
    }

    /// Makes a folder a learner's, or adds what is missing in one that is.
    ///
    /// @param assignment a file that names the exercises, to be copied into the folder; null for all of the
    ///     course
    /// @param course     all exercises
    /// @throws UsageException if there are other things in it
    public static LearnerFolder create(Path root, Path assignment, List<Exercise> course) {
        if (!isOne(root)) {
            requireFree(root);
        }
        String chosen = assignment == null ? null : read(assignment);
        if (chosen != null) {
            Assignment.parse(assignment.toString(), chosen, course);
            Path own = root.resolve(ASSIGNMENT);
            if (Files.exists(own) && !read(own).equals(chosen)) {
                throw new UsageException(own + " is there already and says something else");
            }
            writeNew(own, chosen);
        }
        Project.files(Release.number()).forEach((name, text) -> writeNew(root.resolve(name), text));
        writeNew(root.resolve(PROGRESS), Progress.none().text());
        LearnerFolder folder = open(root, course);
        folder.exercises.forEach(folder::addFile);
        return folder;
    }

    private static void requireFree(Path root) {
        if (!Files.exists(root)) {
            return;
        }
        try (Stream<Path> inside = Files.list(root)) {
            Optional<Path> other = inside.filter(
                            file -> !file.getFileName().toString().startsWith(".")
                                    && !file.getFileName().toString().equals(ASSIGNMENT))
                    .findFirst();
            if (other.isPresent()) {
                throw new UsageException(root + " is not a learner's folder and not empty: it holds "
                        + other.get().getFileName() + "; name a new folder");
            }
        } catch (IOException e) {
            throw new UsageException(root + " cannot be read: " + FileReason.of(e), e);
        }
    }

    public Path root() {
        return root;
    }

    /// The exercises of this folder, in order.
    public List<Exercise> exercises() {
        return exercises;
    }

    /// The exercise of that name, however it is written.
    ///
    /// @throws UsageException if there is none
    public Exercise exercise(String name) {
        return exercises.stream()
                .filter(each ->
                        each.name().equalsIgnoreCase(name) || each.toString().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() -> new UsageException(
                        "there is no exercise " + name + " in " + root + Assignment.meant(name, exercises)));
    }

    public Progress progress() {
        return progress;
    }

    public Progress.Entry progress(Exercise exercise) {
        return progress.of(exercise.toString());
    }

    public boolean isDone(Exercise exercise) {
        return progress(exercise).state() != Progress.State.OPEN;
    }

    /// The exercise at hand: the one chosen last, or the first that is not done.
    public Exercise now() {
        return exercises.stream()
                .filter(each -> each.toString().equals(progress.now()))
                .findFirst()
                .or(() -> exercises.stream().filter(each -> !isDone(each)).findFirst())
                .orElse(exercises.getFirst());
    }

    /// The next exercise that is not done, looked for behind this one first; nothing if all others are done.
    public Optional<Exercise> after(Exercise exercise) {
        int at = exercises.indexOf(exercise);
        return Stream.concat(exercises.stream().skip(at + 1), exercises.stream().limit(at))
                .filter(each -> !isDone(each))
                .findFirst();
    }

    public void moveTo(Exercise exercise) {
        save(progress.at(exercise.toString()));
    }

    /// What became of an exercise. One that was given up stays so, and one that was solved too.
    public void record(Exercise exercise, Progress.State state) {
        Progress.Entry entry = progress(exercise);
        if (entry.state() == Progress.State.OPEN) {
            save(progress.with(exercise.toString(), new Progress.Entry(state, entry.hints(), LocalDate.now())));
        }
    }

    /// The hint that comes next; nothing if all were shown.
    public Optional<String> hint(Exercise exercise) {
        Progress.Entry entry = progress(exercise);
        if (entry.hints() >= exercise.hints().size()) {
            return Optional.empty();
        }
        LocalDate date = entry.date() == null ? LocalDate.now() : entry.date();
        String hint = exercise.hints().get(entry.hints());
        save(progress.with(exercise.toString(), new Progress.Entry(entry.state(), entry.hints() + 1, date)));
        return Optional.of(hint);
    }

    /// What is known stays known in this process even if the file cannot be written.
    private void save(Progress changed) {
        progress = changed;
        replace(root.resolve(PROGRESS), changed.text());
    }

    /// The file that the learner writes.
    public Path file(Exercise exercise) {
        return root.resolve("src/main/java", exercise.lesson(), exercise.name() + ".java");
    }

    /// What stands in the learner's file.
    ///
    /// @throws DataException if it is gone or no text
    public String source(Exercise exercise) {
        return read(file(exercise));
    }

    /// The file as it is before the learner writes in it.
    public static String stub(Exercise exercise) {
        return Source.inPackage(exercise.source().stub(exercise.name()), exercise.lesson());
    }

    /// Whether nothing was written yet.
    public boolean isUntouched(Exercise exercise) {
        Path file = file(exercise);
        return !Files.exists(file) || read(file).equals(stub(exercise));
    }

    /// Puts the fresh file there if there is none.
    public void addFile(Exercise exercise) {
        writeNew(file(exercise), stub(exercise));
    }

    /// Puts the fresh file in place of the learner's.
    ///
    /// @return where the learner's is kept; nothing if there was none, or a fresh one
    public Optional<Path> reset(Exercise exercise) {
        Path file = file(exercise);
        Optional<Path> kept = Optional.empty();
        if (Files.exists(file)) {
            byte[] was = bytes(file);
            if (new String(was, StandardCharsets.UTF_8).equals(stub(exercise))) {
                return kept;
            }
            kept = Optional.of(keep(exercise, was));
        }
        if (Files.exists(file)) {
            replace(file, stub(exercise));
        } else {
            addFile(exercise);
        }
        return kept;
    }

    private Path keep(Exercise exercise, byte[] was) {
        Path folder = root.resolve("backups", exercise.lesson());
        String name = exercise.name() + "-" + LocalDateTime.now().format(TIME);
        for (int i = 1; ; i++) {
            Path kept = folder.resolve(name + (i == 1 ? "" : "-" + i) + ".java");
            try {
                Files.createDirectories(folder);
                Files.write(kept, was, StandardOpenOption.CREATE_NEW);
                return kept;
            } catch (FileAlreadyExistsException another) {
                // one of the same second
            } catch (IOException e) {
                throw new ResourceException(
                        kept + " cannot be written, so that nothing was changed: " + FileReason.of(e), e);
            }
        }
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new DataException(file + " cannot be read: " + FileReason.of(e), e);
        }
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new DataException(file + " is not there", e);
        } catch (CharacterCodingException e) {
            throw new DataException(file + " is no text in UTF-8", e);
        } catch (IOException e) {
            throw new DataException(file + " cannot be read: " + FileReason.of(e), e);
        }
    }

    private static void replace(Path file, String text) {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        AtomicFile.write(file, channel -> {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        });
    }

    /// Leaves a file that is there as it is. One that could only be written in part is taken away again.
    private static void writeNew(Path file, String text) {
        if (Files.exists(file)) {
            return;
        }
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.createFile(file);
            try {
                Files.writeString(file, text);
            } catch (IOException e) {
                Files.deleteIfExists(file);
                throw e;
            }
        } catch (FileAlreadyExistsException another) {
            // somebody else has just made it
        } catch (IOException e) {
            throw new ResourceException(file + " cannot be written: " + FileReason.of(e), e);
        }
    }
}
