package gradus.lessons.lab.inference;

import gradus.layers.model.Gpt;
import gradus.lessons.lab.option.Experiment;
import gradus.tensor.random.Rng;
import gradus.train.cli.option.Version;
import gradus.train.cli.terminal.Console;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `gradus lab inference`
@Command(
        name = "inference",
        description = {
            "What reading and writing cost a model of GPT-2's kind: operations and bytes",
            "are counted, times are measured, and both are held against the roofline of",
            "this machine, whose memory and products are measured beside them. Reading at",
            "once against writing with a cache, texts at once, shared heads, a window,",
            "fused attention, speculative decoding and quantised weights. Everything takes",
            "turns, so that noise falls on all alike; of a round the fastest of five runs",
            "counts, of all rounds the median; intervals are over rounds. The numbers of a",
            "machine that does other things too are not worth much."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  gradus lab inference --out lab",
            "  gradus lab inference --out lab --dim 256 --layers 4 --rounds 3"
        })
public final class InferenceLabCommand extends Experiment {
    @Option(names = "--layers", paramLabel = "<n>", description = "of the model; default ${DEFAULT-VALUE}")
    private int layers = 6;

    @Option(names = "--heads", paramLabel = "<n>", description = "a multiple of 4; default ${DEFAULT-VALUE}")
    private int heads = 8;

    @Option(
            names = "--dim",
            paramLabel = "<n>",
            description = "channels, a multiple of 64 for blocks of weights; default ${DEFAULT-VALUE}")
    private int dim = 512;

    @Option(
            names = "--longest",
            paramLabel = "<n>",
            description = "tokens of the longest text, a multiple of 64; default ${DEFAULT-VALUE}")
    private int longest = 1024;

    @Option(
            names = "--rounds",
            paramLabel = "<n>",
            description = "rounds in which everything is measured; default ${DEFAULT-VALUE}")
    private int rounds = 7;

    public InferenceLabCommand(Console console) {
        super(console);
    }

    @Override
    protected String tables() {
        InferencePlan plan = of(() -> new InferencePlan(layers, heads, dim, 4 * dim, longest, rounds));
        Gpt model = of(() -> new Gpt(plan.config(), Rng.of(1)).eval());
        output().folder();
        output().predict("two bottlenecks", Expected.bottlenecks(plan));
        output().predict("what helps", Expected.remedies(plan));
        output().predict("roofline", Expected.roofline());
        output().say(String.format(Locale.ROOT, "%,d parameters; the first passes", model.parameterCount()));
        Gpt draft = SpeculativeTrial.draft(model);
        Rows rows = of(() -> new Rows(plan, model, draft));
        rows.all().forEach(Measured::warm);
        SpeculativeTrial speculative = new SpeculativeTrial(model, draft, plan.part(16));
        Gpt nothing = new Gpt(plan.empty(), Rng.of(1)).eval();
        Measured empty = new Measured(
                "",
                "",
                new PassCost(0, 0),
                new Products(Products.FLOATS, 0),
                Passes.behind(nothing, 1, plan.part(16), 1, false));
        empty.warm();
        Set<Products> products = rows.all().stream()
                .map(Measured::products)
                .filter(each -> each.rows() > 0)
                .collect(Collectors.toSet());
        try (Machine machine = new Machine(products, dim, empty)) {
            for (int round = 1; round <= rounds; round++) {
                rows.all().forEach(Measured::round);
                speculative.round();
                machine.round();
                output().say("round %s of %s".formatted(round, rounds));
            }
            Roof roof = machine.roof();
            RooflinePlot.write(output().path().resolve("roofline.png"), rows, roof);
            return new InferenceReport(plan, rows, roof, speculative).toString();
        }
    }
}
