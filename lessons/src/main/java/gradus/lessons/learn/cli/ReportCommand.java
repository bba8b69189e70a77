package gradus.lessons.learn.cli;

import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.folder.LearnerFolder;
import gradus.lessons.learn.grade.Verdict;
import gradus.lessons.learn.report.Report;
import gradus.train.cli.option.Version;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `gradus learn report`
@Command(
        name = "report",
        description = {
            "Grades every exercise of the folder and writes what came out.",
            "For a teacher or a program: as JSON on standard output, or into files."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
final class ReportCommand implements Callable<Integer> {
    private final Work work;

    @Mixin
    private FolderOption folder;

    @Option(names = "--json", paramLabel = "<file>", description = "write JSON there")
    private Path json;

    @Option(names = "--junit", paramLabel = "<file>", description = "write JUnit's XML there")
    private Path junit;

    ReportCommand(Work work) {
        this.work = work;
    }

    @Override
    public Integer call() throws InterruptedException {
        LearnerFolder opened = folder.open(work.course());
        List<Report.Line> lines = new ArrayList<>();
        try (Judge judge = work.judge().get()) {
            for (Exercise exercise : opened.exercises()) {
                long start = System.nanoTime();
                Verdict verdict = opened.isUntouched(exercise)
                        ? Verdict.of(Verdict.Kind.UNWRITTEN, exercise.name() + " is not written yet")
                        : judge.verdict(exercise, opened.source(exercise));
                long millis = (System.nanoTime() - start) / 1_000_000;
                lines.add(new Report.Line(exercise, verdict, opened.progress(exercise), millis));
            }
        }
        Report report = new Report(lines);
        if (json == null && junit == null) {
            work.console().raw().print(report.json());
        }
        if (json != null) {
            Report.write(json, report.json());
        }
        if (junit != null) {
            String name =
                    opened.root().toAbsolutePath().normalize().getFileName().toString();
            Report.write(junit, report.junit(name));
        }
        return 0;
    }
}
