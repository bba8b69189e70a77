package gradus.train.cli;

import gradus.error.GradusException;
import gradus.error.UsageException;
import gradus.train.cli.option.Version;
import gradus.train.cli.sweep.Cell;
import gradus.train.cli.sweep.Sweep;
import gradus.train.cli.sweep.SweepFile;
import gradus.train.cli.terminal.Console;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.function.IntConsumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/// `gradus sweep`
@Command(
        name = "sweep",
        description =
                "Trains once for each combination of settings and each seed, several at a time, and puts what came"
                        + " of them into one table. The same command goes on where it was interrupted.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "The file, of which any part may be left out:",
            "  {",
            "    \"base\": {\"preset\": \"char-tiny\", \"data\": \"my.txt\", \"train\": {\"steps\": 300}},",
            "    \"grid\": {\"model.norm\": [\"layernorm\", \"rmsnorm\"], \"train.lr\": [1e-3, 3e-3]},",
            "    \"list\": [{\"model.attention\": \"mha\"}, {\"model.attention\": \"mqa\"}],",
            "    \"seeds\": [1, 2, 3]",
            "  }",
            "base is what gradus train --config takes; grid gives a setting each of its values, in all combinations,",
            "with each entry of list; names are those of the options of gradus train.",
            "",
            "Examples:",
            "  gradus sweep norms.json --out runs/norms",
            "  gradus compare runs/norms"
        })
final class SweepCommand implements Callable<Integer> {
    @Parameters(paramLabel = "<file>", description = "what is trained, in JSON")
    private Path file;

    @Option(names = "--out", required = true, paramLabel = "<folder>", description = "where everything is kept")
    private Path out;

    @Option(
            names = "--parallel",
            paramLabel = "<n>",
            description = "how many are trained at a time; default: as many as there are cores and memory for")
    private Integer parallel;

    @Option(names = "--dry-run", description = "tell what would be trained, and train nothing")
    private boolean dry;

    private final Console console;
    private final IntConsumer quit;

    SweepCommand(Console console, IntConsumer quit) {
        this.console = console;
        this.quit = quit;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (parallel != null && parallel < 1) {
            throw new UsageException("--parallel must be at least 1; got " + parallel);
        }
        Sweep sweep = new Sweep(
                SweepCell.class.getName(),
                SweepFile.read(file),
                out,
                parallel == null ? OptionalInt.empty() : OptionalInt.of(parallel),
                console.err()::println);
        sweep.withBase(base -> check(sweep, base));
        if (dry) {
            sweep.cells().forEach(cell -> console.out().println(cell.title()));
            return 0;
        }
        try (Interrupts interrupts = Interrupts.listen(sweep::stop, quit)) {
            int missing = sweep.train();
            console.out().print(sweep.table());
            return interrupts.received() ? interrupts.exitCode() : missing == 0 ? 0 : Errors.FAILURE;
        }
    }

    /// Looks at every cell before any is trained.
    private void check(Sweep sweep, Path base) {
        Map<TrainChoice, Cell> known = new HashMap<>();
        for (Cell cell : sweep.cells()) {
            TrainChoice chosen = chosen(cell, base);
            Cell same = known.putIfAbsent(chosen, cell);
            if (same != null) {
                throw new UsageException("%s: %s and %s are the same training; leave out one"
                        .formatted(file, same.title(), cell.title()));
            }
            sweep.plan(chosen.model(), chosen.train());
        }
    }

    private TrainChoice chosen(Cell cell, Path base) {
        try {
            return TrainCommand.chosen(Main.settings(TrainCommand.commandLine(console, quit)), cell.arguments(base));
        } catch (ParameterException wrong) {
            throw new UsageException("%s: %s: %s".formatted(file, cell.title(), Errors.message(wrong)), wrong);
        } catch (GradusException wrong) {
            String said = wrong.getMessage().replace("--config: " + base, "base");
            throw new UsageException("%s: %s: %s".formatted(file, cell.title(), said), wrong);
        }
    }
}
