package gradus.lessons.learn.cli;

import gradus.lessons.learn.book.BookCommand;
import gradus.lessons.learn.folder.LearnerFolder;
import gradus.train.cli.Errors;
import gradus.train.cli.option.Version;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `gradus learn`
@Command(
        name = "learn",
        description = {
            "A course of exercises: shows what to write, watches the file, and says on",
            "every save whether it is right or which mistake it is. The exercises stand",
            "in a folder of your own, which is a Maven project too."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "While it watches: h hint, s show the answer, r reset, c check, n next, l list,",
            "q quit. Each is a command too, for editors and scripts.",
            "",
            "Examples:",
            "  gradus learn",
            "  gradus learn check",
            "  gradus learn hint Softmax",
            "  gradus learn report --junit results.xml"
        })
final class LearnCommand implements Callable<Integer> {
    private final Work work;

    @Parameters(
            arity = "0..1",
            paramLabel = "<folder>",
            description = "your folder, made if there is none; default the one you are in, else my-course")
    private Path folder;

    @Option(
            names = "--assignment",
            paramLabel = "<file>",
            description = "for a new folder: only the exercises that this file names, one a line")
    private Path assignment;

    private LearnCommand(Work work) {
        this.work = work;
    }

    static CommandLine commandLine(Work work) {
        return new CommandLine(new LearnCommand(work))
                .addSubcommand(new CheckCommand(work))
                .addSubcommand(new ExerciseCommand.Hint(work))
                .addSubcommand(new ExerciseCommand.Show(work))
                .addSubcommand(new ExerciseCommand.Next(work))
                .addSubcommand(new ExerciseCommand.Reset(work))
                .addSubcommand(new OverviewCommand.All(work))
                .addSubcommand(new OverviewCommand.Status(work))
                .addSubcommand(new BookCommand())
                .addSubcommand(new ReportCommand(work))
                .addSubcommand(new GradeCommand(work))
                .addSubcommand(new NewCommand(work));
    }

    @Override
    public Integer call() throws Exception {
        Path path = FolderOption.path(folder);
        boolean fresh = !LearnerFolder.isOne(path);
        LearnerFolder opened = LearnerFolder.create(path, assignment, work.course());
        if (fresh) {
            work.screen().line("%s is your folder now; gradus learn goes on in it where you left off.".formatted(path));
        }
        try (Judge judge = work.judge().get()) {
            return new Session(opened, work.screen(), judge).run(work.keys());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Errors.FAILURE;
        }
    }
}
