package gradus.lessons.lab.scaling;

import gradus.lessons.lab.fit.LossFit;
import gradus.lessons.lab.fit.Measured;
import gradus.lessons.lab.material.HeldOutText;
import gradus.lessons.lab.material.LabText;
import gradus.lessons.lab.material.Material;
import gradus.lessons.lab.option.Experiment;
import gradus.lessons.lab.option.LabFolder;
import gradus.lessons.lab.option.LabSeeds;
import gradus.tensor.random.Rng;
import gradus.train.checkpoint.CheckpointJson;
import gradus.train.cli.option.Version;
import gradus.train.cli.terminal.Console;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `gradus lab scaling`
@Command(
        name = "scaling",
        description = {
            "Trains small GPTs of several sizes with several budgets of compute, and fits",
            "the laws of Kaplan et al. and of Chinchilla to their losses: how the loss",
            "falls with the size, which size is best for some compute by three ways, and",
            "what a larger run will come to, which is then trained. Last, whether a small",
            "model with more data is the better use of more compute. Each run is kept in",
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
            "  gradus lab scaling --out lab",
            "  gradus lab scaling --out lab --compute 2e9 --budgets 4"
        })
public final class ScalingLabCommand extends Experiment {
    private static final int DRAWS = 500;

    @Option(
            names = "--compute",
            paramLabel = "<operations>",
            description = "the largest budget of a run; default 3.2e11")
    private double compute = 3.2e11;

    @Option(names = "--budgets", paramLabel = "<n>", description = "how many budgets, each half of the next; default 6")
    private int budgets = 6;

    @Mixin
    private LabText text = new LabText(1 << 16);

    @Mixin
    private LabSeeds seeds = new LabSeeds(1);

    public ScalingLabCommand(Console console) {
        super(console);
    }

    @Override
    protected String tables() {
        ScalingPlan plan = of(() -> ScalingPlan.of(compute, budgets, seeds.count(), text.heldOut()));
        HeldOutText characters = text.read(plan.setting().tokens());
        LabFolder folder = output().folder();
        folder.claim(CheckpointJson.object()
                .put("experiment", "scaling")
                .put("compute", compute)
                .put("budgets", budgets)
                .put("seeds", plan.seeds())
                .put("text", characters.sum()));
        ScalingRuns runs =
                new ScalingRuns(plan, characters, new Material(folder.path().resolve("runs"), output()::say));
        output().predict("the size alone", SizePart.PREDICTION);
        output().predict("the best size for some compute", ComputePart.PREDICTION);
        output().predict("a larger run, foretold", BeyondPart.PREDICTION);
        output().predict("more data or a larger model", GrowthPart.PREDICTION);
        List<List<Measured>> grid = runs.budgets();
        List<Measured> line = runs.line();
        List<Measured> all = new ArrayList<>(line);
        grid.forEach(all::addAll);
        folder.write("runs.csv", csv(all));
        LossFit fit = LossFit.of(all, DRAWS, Rng.of(1).at("bootstrap"));
        StringBuilder report = new StringBuilder();
        add(report, head(characters, all));
        add(report, new SizePart(line).section(folder.path()));
        add(report, new ComputePart(grid, all, fit).section(folder.path()));
        add(report, new BeyondPart(runs, ComputePart.best(grid), all, fit).section(folder, output()::say));
        add(report, new GrowthPart(runs, grid).section());
        return report.toString();
    }

    private void add(StringBuilder report, Object part) {
        output().keep(report.append(part).toString());
    }

    private String head(HeldOutText characters, List<Measured> all) {
        double most = all.stream().mapToDouble(Measured::tokens).max().orElseThrow();
        return String.format(
                Locale.ROOT,
                """
                %d runs on %s: %,d characters to learn from, %d different ones, %,d held out. Each run is trained with %s; \
                N counts the weights of the blocks, C = 6·N·D. The longest run sees %,.0f characters%s.

                """,
                all.size(),
                text.name(),
                characters.training(),
                characters.vocabulary(),
                text.heldOut(),
                seeds.count() == 1
                        ? "one seed, so the intervals are of the scatter around the laws"
                        : seeds.count() + " seeds",
                most,
                most > characters.training() ? ", more than there are, so some come twice" : "");
    }

    private static String csv(List<Measured> runs) {
        StringBuilder csv = new StringBuilder("parameters,tokens,operations,loss\n");
        runs.forEach(run -> csv.append(String.format(
                Locale.ROOT, "%.0f,%.0f,%.6g,%.6f%n", run.parameters(), run.tokens(), run.operations(), run.loss())));
        return csv.toString();
    }
}
