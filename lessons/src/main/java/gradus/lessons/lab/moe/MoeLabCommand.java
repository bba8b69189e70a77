package gradus.lessons.lab.moe;

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

/// `gradus lab moe`
@Command(
        name = "moe",
        description = {
            "Trains a small GPT on text with mixtures of experts: without balance, with the",
            "loss that balances, with the bias that does, with experts that choose their",
            "tokens and with a frozen router, and with dense networks of equal operations",
            "and of equal weights. It says who does the work, what that costs, what a later",
            "token changes, and what the capacity of experts drops. What was measured of",
            "each training is kept in the folder's runs/."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "Interrupted, it goes on with the runs that are missing in --out.",
            "",
            "Examples:",
            "  gradus lab moe --out lab",
            "  gradus lab moe --out lab --steps 20 --seeds 1 --channels 8"
        })
public final class MoeLabCommand extends Experiment {
    private static final List<Double> FACTORS = List.of(0.5, 1.0, 1.25, 2.0, Double.POSITIVE_INFINITY);

    @Option(names = "--channels", paramLabel = "<n>", description = "of the models, an even number; default 32")
    private int channels = 32;

    @Mixin
    private LabText text = new LabText(1 << 14);

    @Mixin
    private LabSteps steps = new LabSteps(1000);

    @Mixin
    private LabSeeds seeds = new LabSeeds(5);

    public MoeLabCommand(Console console) {
        super(console);
    }

    @Override
    protected String tables() {
        if (channels < 2 || channels % 2 != 0) {
            throw new UsageException("--channels must be an even number above 0; got " + channels);
        }
        int count = seeds.count();
        int each = steps.count();
        HeldOutText characters = text.read(MoeRun.least());
        LabFolder folder = output().folder();
        folder.claim(CheckpointJson.object()
                .put("experiment", "moe")
                .put("steps", each)
                .put("channels", channels)
                .put("text", characters.sum()));
        MoeRuns runs = new MoeRuns(
                channels, each, count, characters, new Material(folder.path().resolve("runs"), output()::say));
        BalancePart part = new BalancePart(runs);
        output().predict("balance", part.prediction());
        String balance = part.section(folder.path()).toString();
        output().keep(balance);
        output().predict("capacity", CapacityPart.prediction());
        return balance + new CapacityPart(runs, FACTORS).section(folder.path());
    }
}
