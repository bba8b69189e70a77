package gradus.lessons.learn.cli;

import gradus.error.UsageException;
import gradus.lessons.Course;
import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Lesson;
import gradus.lessons.learn.exercise.Variant;
import gradus.lessons.learn.folder.LearnerFolder;
import gradus.lessons.learn.folder.Progress;
import gradus.lessons.learn.grade.Verdict;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// What a learner can do with an exercise, by a key or by a command.
final class Actions {
    private final LearnerFolder folder;
    private final Screen screen;

    Actions(LearnerFolder folder, Screen screen) {
        this.folder = folder;
        this.screen = screen;
    }

    /// Shows what is to be done and where.
    void task(Exercise exercise) {
        List<Exercise> all = folder.exercises();
        screen.line();
        screen.heading(exercise.title());
        screen.faint("%s, exercise %s of %s".formatted(exercise, all.indexOf(exercise) + 1, all.size()));
        screen.line();
        Task.lines(exercise).forEach(screen::line);
        screen.line();
        screen.line("Write it in place of the line `throw …` of");
        screen.line("    " + folder.file(exercise));
        if (!exercise.reading().isBlank()) {
            screen.line("To read: " + exercise.reading());
        }
        screen.line("The lesson's page: gradus learn book --lesson " + exercise.lesson());
    }

    /// Shows the next hint, or all if there is no further one.
    void hint(Exercise exercise) {
        int count = exercise.hints().size();
        Optional<String> next = folder.hint(exercise);
        if (next.isPresent()) {
            screen.line("hint %s of %s: %s".formatted(folder.progress(exercise).hints(), count, next.get()));
            return;
        }
        for (int i = 0; i < count; i++) {
            screen.line(
                    "hint %s of %s: %s".formatted(i + 1, count, exercise.hints().get(i)));
        }
        screen.line("There are no more hints. To read: " + exercise.reading());
    }

    /// Shows the course's answer and the other ways to write it.
    ///
    /// @param giveUp whether to do so before it is solved, which is recorded
    /// @throws UsageException if it is not solved and not given up
    void show(Exercise exercise, boolean giveUp) {
        if (!folder.isDone(exercise)) {
            if (!giveUp) {
                throw new UsageException(exercise + " is not solved yet; --give-up shows the answer and records that");
            }
            folder.record(exercise, Progress.State.GIVEN_UP);
        }
        screen.heading("The course's answer to " + exercise);
        exercise.source().body().lines().forEach(screen::line);
        for (Variant variant : exercise.variants()) {
            screen.heading("Another: " + variant.name());
            variant.body().indent(8).lines().forEach(screen::line);
        }
    }

    void reset(Exercise exercise) {
        Optional<Path> kept = folder.reset(exercise);
        screen.line(folder.file(exercise) + " is as at the beginning"
                + kept.map(it -> "; what you wrote is in " + it).orElse(""));
    }

    /// Goes to the next exercise that is not done.
    ///
    /// @return the exercise that is at hand now
    Exercise next(Exercise exercise) {
        Optional<Exercise> next = folder.after(exercise);
        if (next.isEmpty()) {
            screen.line(folder.isDone(exercise) ? "Everything is done." : "All others are done.");
            return exercise;
        }
        if (!folder.isDone(exercise)) {
            screen.line(exercise + " stays open; gradus learn list shows it.");
        }
        folder.moveTo(next.get());
        folder.addFile(next.get());
        return next.get();
    }

    /// Shows what the grader said, and records a right answer.
    void verdict(Exercise exercise, Verdict verdict) {
        screen.verdict(verdict);
        if (verdict.passed()) {
            boolean first = !folder.isDone(exercise);
            folder.record(exercise, Progress.State.SOLVED);
            if (first) {
                screen.line(score()
                        + folder.after(exercise).map(it -> "; next is " + it).orElse(""));
            }
        }
    }

    private long count(Progress.State state) {
        return folder.exercises().stream()
                .filter(each -> folder.progress(each).state() == state)
                .count();
    }

    private String score() {
        long givenUp = count(Progress.State.GIVEN_UP);
        return "%s of %s solved%s"
                .formatted(
                        count(Progress.State.SOLVED),
                        folder.exercises().size(),
                        givenUp == 0 ? "" : ", " + givenUp + " given up");
    }

    void list() {
        Map<String, String> titles = Course.lessons().stream().collect(Collectors.toMap(Lesson::name, Lesson::title));
        String lesson = "";
        for (Exercise exercise : folder.exercises()) {
            if (!exercise.lesson().equals(lesson)) {
                lesson = exercise.lesson();
                screen.heading(titles.containsKey(lesson) ? lesson + ": " + titles.get(lesson) : lesson);
            }
            screen.line("%s %-8s  %-22s %s"
                    .formatted(
                            exercise.equals(folder.now()) ? ">" : " ",
                            state(exercise),
                            exercise.name(),
                            exercise.title()));
        }
        screen.line(score());
    }

    private String state(Exercise exercise) {
        Progress.State state = folder.progress(exercise).state();
        return state == Progress.State.OPEN && folder.isUntouched(exercise) ? "" : state.toString();
    }

    void status() {
        Exercise now = folder.now();
        int hints = folder.progress(now).hints();
        screen.line(score());
        screen.line("at hand: " + now + ", " + now.title() + " ("
                + folder.progress(now).state() + (hints == 0 ? "" : hints == 1 ? ", 1 hint" : ", " + hints + " hints")
                + ")");
        screen.line("file:    " + folder.file(now));
    }
}
