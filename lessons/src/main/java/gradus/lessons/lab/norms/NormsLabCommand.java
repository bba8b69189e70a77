package gradus.lessons.lab.norms;

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
import java.util.stream.DoubleStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `gradus lab norms`
@Command(
        name = "norms",
        description = {
            "Trains a small GPT on text with every norm of the library, before the branch",
            "and after the sum, and without norms: what loss it comes to, how long a step",
            "takes, whether a position hears of later ones, the largest learning rate at",
            "which it still learns (in half the steps), and how its gradient before the",
            "first step depends on the depth. What was measured of each training is kept in",
            "the folder's runs/."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "Interrupted, it goes on with the runs that are missing in --out.",
            "",
            "Examples:",
            "  gradus lab norms --out lab",
            "  gradus lab norms --out lab --steps 20 --seeds 1 --depths 1,2 --rates 2"
        })
public final class NormsLabCommand extends Experiment {
    private static final NormRun.Size SIZE = new NormRun.Size(4, 32, 64, 8);
    private static final double RATE = 1e-3; // common to all: the default of a training
    private static final double LOWEST = 5e-4; // of those that are tried
    private static final int LEAST = 513; // characters: one batch, and the token after it
    private static final int MOST = 12;

    @Option(
            names = "--rates",
            paramLabel = "<n>",
            description = "how many rates are tried, from 0.0005, each twice the one before; default 7")
    private int rates = 7;

    @Option(
            names = "--depths",
            paramLabel = "<n>",
            split = ",",
            description = "layers whose gradient is measured; default 2,4,8")
    private List<Integer> depths = List.of(2, 4, 8);

    @Mixin
    private LabText text = new LabText(1 << 14);

    @Mixin
    private LabSteps steps = new LabSteps(400);

    @Mixin
    private LabSeeds seeds = new LabSeeds(3);

    public NormsLabCommand(Console console) {
        super(console);
    }

    @Override
    protected String tables() {
        if (rates < 1 || rates > MOST) {
            throw new UsageException("--rates must be 1 to %s; got %s".formatted(MOST, rates));
        }
        List<Integer> ascending = depths.stream().distinct().sorted().toList();
        if (ascending.size() < 2 || ascending.getFirst() < 1) {
            throw new UsageException("--depths must be two or more numbers above 0; got " + depths);
        }
        int count = seeds.count();
        int each = steps.count();
        HeldOutText characters = text.read(LEAST);
        LabFolder folder = output().folder();
        folder.claim(CheckpointJson.object()
                .put("experiment", "norms")
                .put("steps", each)
                .put("text", characters.sum()));
        NormRuns runs = new NormRuns(
                SIZE, each, count, characters, new Material(folder.path().resolve("runs"), output()::say));
        LossPart loss = new LossPart(runs, RATE);
        output().predict("the loss at one rate", loss.prediction());
        String report = loss.section().toString();
        output().keep(report);
        GradientPart gradient = new GradientPart(runs, ascending);
        output().predict("the gradient before the first step", gradient.prediction());
        report += gradient.section(folder.path());
        output().keep(report);
        List<Double> grid = DoubleStream.iterate(LOWEST, rate -> 2 * rate)
                .limit(rates)
                .boxed()
                .toList();
        output().predict("the largest rate", RatePart.prediction());
        return report + new RatePart(runs, grid).section(folder.path());
    }
}
