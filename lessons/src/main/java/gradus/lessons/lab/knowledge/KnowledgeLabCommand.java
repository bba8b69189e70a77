package gradus.lessons.lab.knowledge;

import gradus.lessons.lab.measure.LabPlot;
import gradus.lessons.lab.measure.LabPlot.Curve;
import gradus.lessons.lab.measure.LabPlot.Labels;
import gradus.lessons.lab.option.Experiment;
import gradus.lessons.lab.option.LabFolder;
import gradus.lessons.lab.option.LabSeeds;
import gradus.tensor.random.Rng;
import gradus.train.cli.option.Version;
import gradus.train.cli.terminal.Console;
import gradus.train.run.compare.Interval;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `gradus lab knowledge`
@Command(
        name = "knowledge",
        description = {
            "Retrieval, fine-tuning or a long context? Facts about an invented country,",
            "which no model can know, are taught to a small GPT in each way. What is",
            "expected, and measured: retrieval answers new and old facts best and adds one",
            "in under a second; weights need several wordings, forget, and alone take on a",
            "style; a long context joins two facts that stand far apart, and costs as much",
            "more as there is more to read. The table says of each whether it holds. False",
            "facts in the index are the control. Chance is 6 %%."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  gradus lab knowledge --out lab",
            "  gradus lab knowledge --out lab --seeds 1 --base-steps 100"
        })
public final class KnowledgeLabCommand extends Experiment {
    @Option(names = "--old", paramLabel = "<n>", description = "persons whom the base knows; default 48")
    private int old = 48;

    @Option(names = "--new", paramLabel = "<n>", description = "persons of whom it is told, at most 32; default 16")
    private int fresh = 16;

    @Option(names = "--dim", paramLabel = "<n>", description = "channels of the model; default 64")
    private int dim = 64;

    @Option(names = "--base-steps", paramLabel = "<n>", description = "steps that train the base; default 300")
    private int baseSteps = 300;

    @Option(names = "--steps", paramLabel = "<n>", description = "steps that teach the weights; default 60")
    private int steps = 60;

    @Mixin
    private LabSeeds seeds = new LabSeeds(3);

    public KnowledgeLabCommand(Console console) {
        super(console);
    }

    @Override
    protected String tables() {
        KnowledgePlan plan = plan();
        LabFolder folder = output().folder();
        Scores scores = new Scores();
        List<Integer> sizes = List.of();
        for (long seed = 1; seed <= plan.seeds(); seed++) {
            output().say("seed %s: the base, %s steps".formatted(seed, plan.baseSteps()));
            Base base = Base.of(plan, seed, output()::say);
            output().say("seed %s: %s parameters; the facts are taught and asked"
                    .formatted(seed, base.model().gpt().parameterCount()));
            new KnowledgeTrial(plan, base, scores, folder.path()).run();
            new Growth(base, scores, folder.path(), Rng.of(seed).at("growth")).run();
            sizes = Growth.sizes(base.world());
            folder.write("scores.csv", scores.csv());
        }
        plots(folder, scores, sizes);
        return new KnowledgeTable(scores, sizes).markdown();
    }

    private KnowledgePlan plan() {
        return of(() -> new KnowledgePlan(old, fresh, dim, baseSteps, steps, seeds.count()));
    }

    private static void plots(LabFolder folder, Scores scores, List<Integer> sizes) {
        SequencedMap<String, Curve> curve = new LinkedHashMap<>();
        List<Integer> steps =
                IntStream.rangeClosed(1, KnowledgePlan.MOST_STEPS).boxed().toList();
        curve.put(
                "one changed fact, asked in other words",
                curve(steps, step -> scores.interval(OneFact.WEIGHTS, OneFact.curve(step))));
        LabPlot.curves(
                folder.path().resolve("one-fact.png"),
                new Labels("A fact taught to the weights", "steps", "share answered"),
                curve);
        SequencedMap<String, Curve> growth = new LinkedHashMap<>();
        for (String way : List.of(Growth.CONTEXT, Growth.INDEX, Growth.WEIGHTS)) {
            growth.put(way, curve(sizes, size -> scores.interval(Growth.way(way, size), Growth.TOKENS)));
        }
        LabPlot.curves(
                folder.path().resolve("growth.png"),
                new Labels("What a question costs", "facts", "words read"),
                growth);
    }

    private static Curve curve(List<Integer> at, Function<Integer, Interval> intervals) {
        ToDoubleFunction<Integer> mean = x -> intervals.apply(x).mean();
        ToDoubleFunction<Integer> half = x -> intervals.apply(x).half();
        return new Curve(
                at.stream().mapToDouble(x -> x).toArray(),
                at.stream().mapToDouble(mean).toArray(),
                at.stream().mapToDouble(half).toArray());
    }
}
