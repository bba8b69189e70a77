package gradus.lessons.lab.optimizers;

import gradus.error.UsageException;
import gradus.lessons.lab.material.HeldOutText;
import gradus.lessons.lab.material.LabText;
import gradus.lessons.lab.material.Material;
import gradus.lessons.lab.option.Experiment;
import gradus.lessons.lab.option.LabFolder;
import gradus.lessons.lab.option.LabSeeds;
import gradus.lessons.lab.option.LabSteps;
import gradus.train.checkpoint.CheckpointJson;
import gradus.train.cli.option.Version;
import gradus.train.cli.terminal.Console;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `gradus lab optimizers`
@Command(
        name = "optimizers",
        description = {
            "Trains a small GPT on text by every optimiser of the library, each at its best",
            "learning rate, and says what loss it comes to after equal steps and what",
            "memory it takes. Then it looks for the best rate of several widths, with one",
            "rate for all weights and with a rate of the blocks' matrices that falls with",
            "the width. Each run is kept in the folder's runs/."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "Interrupted, it goes on with the runs that are missing in --out.",
            "",
            "Examples:",
            "  gradus lab optimizers --out lab",
            "  gradus lab optimizers --out lab --steps 20 --seeds 1 --widths 8,16"
        })
public final class OptimizersLabCommand extends Experiment {
    private static final int DIM = 32;
    private static final int LEAST = 512; // characters: one batch

    @Option(
            names = "--widths",
            paramLabel = "<n>",
            split = ",",
            description = "channels of the models with which rates are transferred; default 16,32,64")
    private List<Integer> widths = List.of(16, 32, 64);

    @Mixin
    private LabText text = new LabText(1 << 15);

    @Mixin
    private LabSteps steps = new LabSteps(200);

    @Mixin
    private LabSeeds seeds = new LabSeeds(3);

    public OptimizersLabCommand(Console console) {
        super(console);
    }

    @Override
    protected String tables() {
        List<Integer> ascending = widths.stream().distinct().sorted().toList();
        if (ascending.size() < 2 || ascending.stream().anyMatch(each -> each < 4 || each % 4 != 0)) {
            throw new UsageException("--widths must be two or more multiples of 4; got " + widths);
        }
        int count = seeds.count();
        int each = steps.count();
        HeldOutText characters = text.read(LEAST);
        LabFolder folder = output().folder();
        folder.claim(CheckpointJson.object()
                .put("experiment", "optimizers")
                .put("steps", each)
                .put("text", characters.sum()));
        OptimizerRuns runs = new OptimizerRuns(
                each, count, characters, new Material(folder.path().resolve("runs"), output()::say));
        output().predict("every optimiser at its best rate", KindsPart.PREDICTION);
        String kinds = new KindsPart(runs, DIM).section().toString();
        output().keep(kinds);
        output().predict("a rate for another width", TransferPart.PREDICTION);
        return kinds + new TransferPart(runs, ascending).section(folder.path());
    }
}
