package gradus.lessons.lab.rules;

import gradus.error.UsageException;
import gradus.lessons.lab.material.Material;
import gradus.lessons.lab.option.Experiment;
import gradus.lessons.lab.option.LabFolder;
import gradus.lessons.lab.option.LabSeeds;
import gradus.lessons.lab.option.LabSteps;
import gradus.lessons.lab.rules.RulesRecipe.Size;
import gradus.train.checkpoint.CheckpointJson;
import gradus.train.cli.option.Version;
import gradus.train.cli.terminal.Console;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `gradus lab rules`
@Command(
        name = "rules",
        description = {
            "Asks whether a model has understood rules or repeats what it saw. A world of",
            "symbols and functions, such as a f = b, has questions of several hops, such as",
            "a f g. Models of one size learn it by different recipes, for as many steps, and",
            "are asked compositions that they have seen, others of the same rules, longer",
            "chains, rules that a context states of renamed symbols, and rules that it",
            "states otherwise than training did. What was measured of each training is kept",
            "in the folder's runs/."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "Interrupted, it goes on with the runs that are missing in --out.",
            "",
            "Examples:",
            "  gradus lab rules --out lab",
            "  gradus lab rules --out lab --steps 20 --seeds 1 --channels 16 --questions 20"
        })
public final class RulesLabCommand extends Experiment {
    @Option(names = "--channels", paramLabel = "<n>", description = "of the models, a multiple of 8; default 64")
    private int channels = 64;

    @Option(names = "--questions", paramLabel = "<n>", description = "of each test, at most; default 200")
    private int questions = 200;

    @Mixin
    private LabSteps steps = new LabSteps(1500);

    @Mixin
    private LabSeeds seeds = new LabSeeds(3);

    public RulesLabCommand(Console console) {
        super(console);
    }

    @Override
    protected String tables() {
        int multiple = 2 * RuleModel.HEADS;
        if (channels < multiple || channels % multiple != 0) {
            throw new UsageException("--channels must be a multiple of %s; got %s".formatted(multiple, channels));
        }
        if (questions < 1) {
            throw new UsageException("--questions must be at least 1; got " + questions);
        }
        int count = seeds.count();
        Size size = Size.of(steps.count(), channels, questions);
        LabFolder folder = output().folder();
        folder.claim(CheckpointJson.object()
                .put("experiment", "rules")
                .put("steps", steps.count())
                .put("channels", channels)
                .put("questions", questions));
        Material material = new Material(folder.path().resolve("runs"), output()::say);
        RulesPart part = new RulesPart(size, count, material);
        output().predict("rules", part.prediction());
        return part.section(folder.path()).toString();
    }
}
