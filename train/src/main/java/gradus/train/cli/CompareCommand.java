package gradus.train.cli;

import gradus.error.UsageException;
import gradus.train.cli.option.Version;
import gradus.train.cli.terminal.Console;
import gradus.train.run.compare.Comparison;
import gradus.train.run.compare.Measure;
import gradus.train.run.compare.RunFinder;
import gradus.train.run.compare.RunRecord;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `gradus compare`
@Command(
        name = "compare",
        description = "Shows where the settings of runs differ, and what came of them. Runs that differ in their seeds"
                + " alone are taken together, as a mean with its 95 %% interval.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  gradus compare runs/small runs/wide",
            "  gradus compare runs/before/seed-* runs/after/seed-*",
            "  gradus compare runs/grpo runs/ppo --metric reward --metric kl"
        })
final class CompareCommand implements Runnable {
    @Parameters(
            arity = "1..*",
            paramLabel = "<run>",
            description = "folders of runs, finished or not, or folders that hold such folders")
    private List<Path> runs;

    @Option(
            names = "--metric",
            paramLabel = "<name>",
            description = "a number of the runs' metrics.jsonl to show as well, as its mean over the last tenth of the"
                    + " steps; may be given several times")
    private List<String> metrics = List.of();

    private final Console console;

    CompareCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        List<RunRecord> records = RunRecord.open(RunFinder.find(runs));
        for (String metric : metrics) {
            if (records.stream().allMatch(run -> Double.isNaN(run.result(Measure.named(metric))))) {
                throw new UsageException("no run has logged \"%s\"; there are %s"
                        .formatted(metric, String.join(", ", RunRecord.logged(records))));
            }
        }
        Comparison comparison =
                new Comparison(records, metrics.stream().map(Measure::named).toList());
        comparison.notes().forEach(console.err()::println);
        if (comparison.groups().size() > 1) {
            console.out().println(comparison.settings().orElse("the runs have the same settings\n"));
        }
        console.out().print(comparison.results());
    }
}
