package gradus.lessons.lab.align.cli;

import gradus.error.UsageException;
import gradus.lessons.lab.align.AlignPart;
import gradus.lessons.lab.align.CoefficientPart;
import gradus.lessons.lab.align.FixedPointsPart;
import gradus.lessons.lab.align.kl.KlCollapsePart;
import gradus.lessons.lab.align.kl.KlPlan;
import gradus.lessons.lab.align.length.LengthBiasPart;
import gradus.lessons.lab.align.length.LengthPlan;
import gradus.lessons.lab.align.proxy.OveroptimisationPart;
import gradus.lessons.lab.align.proxy.ProxyPlan;
import gradus.lessons.lab.option.Experiment;
import gradus.lessons.lab.option.LabFolder;
import gradus.tensor.random.Rng;
import gradus.train.cli.option.Version;
import gradus.train.cli.terminal.Console;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `gradus lab align`
@Command(
        name = "align",
        description = {
            "Where the algorithms of alignment lead, on problems so small that all answers",
            "can be listed and the best policy written down:",
            "  a  PPO, GRPO, DPO on a bandit and on 27 sequences, beside their closed forms",
            "  b  length bias: what GRPO and Dr. GRPO make of the lengths of answers",
            "  c  over-optimisation: the true reward while a learned one is optimised",
            "  d  k1, k2 and k3 far from the reference, and where they take a policy",
            "  e  how hard GRPO and its relatives climb from questions of every difficulty"
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  gradus lab align --out lab",
            "  gradus lab align --out lab --parts e --group 16 --groups 50000"
        })
public final class AlignLabCommand extends Experiment {
    @Option(
            names = {"--parts", "--part"},
            paramLabel = "<letter>",
            split = ",",
            description = "only these; default all that there are")
    private List<String> parts = List.of();

    @Option(names = "--group", paramLabel = "<n>", description = "answers to a question in part e; default 8")
    private int group = 8;

    @Option(names = "--groups", paramLabel = "<n>", description = "groups drawn for each p in part e; default 20000")
    private int groups = 20_000;

    @Option(names = "--seed", paramLabel = "<n>", description = "of what is drawn; default 1")
    private long seed = 1;

    public AlignLabCommand(Console console) {
        super(console);
    }

    @Override
    protected String tables() {
        if (group < 2 || groups < 2) {
            throw new UsageException("--group and --groups must be at least 2; got %s and %s".formatted(group, groups));
        }
        List<AlignPart> all = List.of(
                new FixedPointsPart(),
                new LengthBiasPart(LengthPlan.standard(), Rng.of(seed).at("length")),
                new OveroptimisationPart(ProxyPlan.standard(), Rng.of(seed).at("proxy")),
                new KlCollapsePart(KlPlan.standard(), Rng.of(seed).at("kl")),
                new CoefficientPart(group, groups, Rng.of(seed).at("coefficient")));
        List<String> known = all.stream().map(AlignPart::name).toList();
        for (String part : parts) {
            if (!known.contains(part)) {
                throw new UsageException("--parts must be of %s; got %s".formatted(String.join(", ", known), part));
            }
        }
        LabFolder folder = output().folder();
        StringBuilder tables = new StringBuilder();
        for (AlignPart part : all) {
            if (parts.isEmpty() || parts.contains(part.name())) {
                tables.append(part.run(folder, output()::say));
                output().keep(tables.toString());
            }
        }
        return tables.toString();
    }
}
