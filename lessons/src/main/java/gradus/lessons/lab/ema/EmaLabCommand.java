package gradus.lessons.lab.ema;

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
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `gradus lab ema`
@Command(
        name = "ema",
        description = {
            "Averages weights over steps: on a bowl with noise, where what must come out is",
            "known exactly, and of a small GPT on text, at a constant rate, behind a cosine",
            "and behind a cooldown, with several decays. What was measured of each training",
            "is kept in the folder's runs/."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "Interrupted, it goes on with the runs that are missing in --out.",
            "",
            "Examples:",
            "  gradus lab ema --out lab",
            "  gradus lab ema --out lab --steps 20 --seeds 1 --numbers 100"
        })
public final class EmaLabCommand extends Experiment {
    private static final int LEAST = 513; // characters: one batch, and the token after it
    private static final int MOST = 1 << 20;

    @Option(
            names = "--numbers",
            paramLabel = "<n>",
            description = "numbers of a bowl, each a training of its own; default 4096")
    private int numbers = 4096;

    @Mixin
    private LabText text = new LabText(1 << 13);

    @Mixin
    private LabSteps steps = new LabSteps(1200);

    @Mixin
    private LabSeeds seeds = new LabSeeds(5);

    public EmaLabCommand(Console console) {
        super(console);
    }

    @Override
    protected String tables() {
        if (numbers < 2 || numbers > MOST) {
            throw new UsageException("--numbers must be 2 to %s; got %s".formatted(MOST, numbers));
        }
        int count = seeds.count();
        int each = steps.count();
        HeldOutText characters = text.read(LEAST);
        LabFolder folder = output().folder();
        folder.claim(CheckpointJson.object()
                .put("experiment", "ema")
                .put("steps", each)
                .put("text", characters.sum()));
        output().predict("a bowl", BowlPart.PREDICTION);
        String bowl = new BowlPart(count, numbers).section().toString();
        output().keep(bowl);
        output().predict("a language model", TextPart.prediction());
        Material material = new Material(folder.path().resolve("runs"), output()::say);
        return bowl + new TextPart(characters, each, count, material).section(folder.path());
    }
}
