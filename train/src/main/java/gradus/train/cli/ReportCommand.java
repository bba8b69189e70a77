package gradus.train.cli;

import gradus.error.UsageException;
import gradus.train.cli.option.Version;
import gradus.train.cli.terminal.Console;
import gradus.train.report.Report;
import gradus.train.run.RunFolder;
import gradus.train.run.compare.RunFinder;
import gradus.train.run.compare.RunRecord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `gradus report`
@Command(
        name = "report",
        description =
                "Writes one HTML page about runs, which needs no network: their curves, where their settings differ"
                        + " and what came of them, and what their models look like inside: a text by the loss of its tokens,"
                        + " attention by head, the logit lens, activations, the load of experts, and the vectors of tokens.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  gradus report runs/mine",
            "  gradus report runs/before runs/after --out both.html",
            "  gradus report runs/mine --text \"To be, or not to be\""
        })
final class ReportCommand implements Runnable {
    @Parameters(
            arity = "1..*",
            paramLabel = "<run>",
            description = "folders of runs, finished or not, or folders that hold such folders")
    private List<Path> runs;

    @Option(names = "--out", paramLabel = "<file>", description = "default: report.html in the first run's folder")
    private Path out;

    @Option(
            names = "--text",
            paramLabel = "<text>",
            description = "what the models read; default: a part of what each did not learn from")
    private String text;

    @Option(names = "--no-inside", description = "curves and tables only; no model is opened")
    private boolean outside;

    private final Console console;

    ReportCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        if (text != null && text.isBlank()) {
            throw new UsageException("--text must have a word at least");
        }
        List<Path> folders = RunFinder.find(runs);
        Path page = out != null ? out : new RunFolder(folders.getFirst()).report();
        if (Files.isDirectory(page)) {
            throw new UsageException(page + " is a folder; --out takes the name of a file");
        }
        List<RunRecord> records = RunRecord.open(folders);
        new Report(Optional.ofNullable(text), !outside, OptionalInt.empty(), console.err()::println)
                .write(page, records);
        console.out().println(page + " shows " + (records.size() == 1 ? "the run" : records.size() + " runs"));
    }
}
