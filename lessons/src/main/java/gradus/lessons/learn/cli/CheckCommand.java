package gradus.lessons.learn.cli;

import gradus.error.UsageException;
import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.folder.LearnerFolder;
import gradus.lessons.learn.grade.Verdict;
import gradus.train.cli.Errors;
import gradus.train.cli.option.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `gradus learn check`
@Command(
        name = "check",
        description = "Grades what you wrote. The exit code is 0 if all of it is right, else 1.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "For authors, --course proves of every exercise that its grader can be",
            "trusted: right answers pass however they are written, every known mistake is",
            "refused and called by its name, and so on."
        })
final class CheckCommand implements Callable<Integer> {
    private final Work work;

    @Mixin
    private FolderOption folder;

    @Parameters(
            arity = "0..*",
            paramLabel = "<exercise>",
            description = "as gradus learn list names it; default the one at hand")
    private List<String> names = new ArrayList<>();

    @Option(names = "--all", description = "every exercise of the folder")
    private boolean all;

    @Option(names = "--course", description = "for authors: check the graders; of all exercises, or those named")
    private boolean course;

    @Option(names = "--no-changes", description = "with --course: try no changed answers, which takes long")
    private boolean noChanges;

    CheckCommand(Work work) {
        this.work = work;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (course) {
            return new CourseTable(work.screen(), !noChanges).check(named(work.course())) ? 0 : Errors.FAILURE;
        }
        LearnerFolder opened = folder.open(work.course());
        List<Exercise> exercises = all
                ? opened.exercises()
                : names.isEmpty()
                        ? List.of(opened.now())
                        : names.stream().map(opened::exercise).toList();
        Actions actions = new Actions(opened, work.screen());
        boolean right = true;
        try (Judge judge = work.judge().get()) {
            for (Exercise exercise : exercises) {
                if (exercises.size() > 1) {
                    work.screen().heading(exercise.toString());
                }
                Verdict verdict = judge.verdict(exercise, opened.source(exercise));
                actions.verdict(exercise, verdict);
                right &= verdict.passed();
            }
        }
        return right ? 0 : Errors.FAILURE;
    }

    /// The exercises of these names, or of the lessons of these names.
    private List<Exercise> named(List<Exercise> exercises) {
        List<Exercise> chosen = exercises.stream()
                .filter(each -> names.isEmpty()
                        || names.stream()
                                .anyMatch(name -> name.equalsIgnoreCase(each.name())
                                        || name.equalsIgnoreCase(each.toString())
                                        || name.equalsIgnoreCase(each.lesson())))
                .toList();
        if (chosen.isEmpty()) {
            throw new UsageException("there is no exercise or lesson " + String.join(", ", names));
        }
        return chosen;
    }
}
