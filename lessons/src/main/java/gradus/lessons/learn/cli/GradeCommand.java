package gradus.lessons.learn.cli;

import gradus.error.FileReason;
import gradus.error.ResourceException;
import gradus.error.UsageException;
import gradus.lessons.learn.folder.Assignment;
import gradus.lessons.learn.grade.Verdict;
import gradus.lessons.learn.report.Report;
import gradus.lessons.learn.submissions.Grades;
import gradus.lessons.learn.submissions.GradesJson;
import gradus.lessons.learn.submissions.GradesXml;
import gradus.lessons.learn.submissions.Submissions;
import gradus.train.cli.option.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `gradus learn grade`
@Command(
        name = "grade",
        description = {
            "For teachers: grades the folders of many learners side by side.",
            "Each runs in a process of its own with limits, and what the system can keep it",
            "from is said at the end."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {"", "Example:", "  gradus learn grade --assignment week1.txt --json grades.json class/*"})
final class GradeCommand implements Callable<Integer> {
    private final Work work;

    @Parameters(arity = "1..*", paramLabel = "<folder>", description = "one for each learner")
    private List<Path> folders;

    @Option(
            names = "--assignment",
            paramLabel = "<file>",
            description = "only the exercises that this file names, one a line")
    private Path assignment;

    @Option(names = "--json", paramLabel = "<file>", description = "write JSON there")
    private Path json;

    @Option(names = "--junit", paramLabel = "<file>", description = "write JUnit's XML there")
    private Path junit;

    GradeCommand(Work work) {
        this.work = work;
    }

    @Override
    public Integer call() throws InterruptedException {
        for (Path folder : folders) {
            if (!Files.isDirectory(folder)) {
                throw new UsageException(folder + " is no folder");
            }
        }
        Submissions.Options options = Submissions.Options.standard();
        if (assignment != null) {
            options = options.only(Assignment.read(assignment, work.course()));
        }
        Grades grades;
        try {
            grades = Submissions.grade(folders, options, this::tell);
        } catch (IOException e) {
            throw new ResourceException("the folders cannot be graded: " + FileReason.of(e), e);
        }
        if (json != null) {
            Report.write(json, GradesJson.of(grades));
        }
        if (junit != null) {
            Report.write(junit, GradesXml.of(grades));
        }
        work.screen().line();
        work.screen().line("What kept answers from this machine: " + grades.fence());
        return 0;
    }

    /// Each as soon as it is done.
    private synchronized void tell(Grades.Submission submission) {
        work.screen()
                .line("%s: %s of %s right"
                        .formatted(
                                submission.name(),
                                submission.passed(),
                                submission.results().size()));
        for (Grades.Result result : submission.results()) {
            Verdict verdict = result.verdict();
            if (!verdict.passed() && verdict.kind() != Verdict.Kind.UNWRITTEN) {
                work.screen().line("  %s: %s".formatted(result.exercise(), verdict.sentence()));
            }
        }
    }
}
