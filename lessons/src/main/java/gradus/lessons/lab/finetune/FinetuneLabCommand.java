package gradus.lessons.lab.finetune;

import gradus.error.UsageException;
import gradus.lessons.lab.measure.Section;
import gradus.lessons.lab.option.Experiment;
import gradus.lessons.lab.option.LabProgress;
import gradus.lessons.lab.option.LabSeeds;
import gradus.tensor.quant.QuantConfig;
import gradus.train.cli.option.Version;
import gradus.train.cli.terminal.Console;
import gradus.train.finetune.OpenBase;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `gradus lab finetune`
@Command(
        name = "finetune",
        description = {
            "Trains a small model on entries of WordNet and fine-tunes it on others, which",
            "have the gloss first, by every method: each at its own three learning rates,",
            "and with several seeds at the best of them. The table says what each one",
            "trains, how much memory it takes, how fast it is, what it learns and what it",
            "forgets; the claims that follow are judged by intervals over the seeds."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "Interrupted, it goes on with the methods that are missing in --out.",
            "",
            "Examples:",
            "  gradus lab finetune --out lab",
            "  gradus lab finetune --out lab --base-text nouns --methods full,lora,lora-table",
            "  gradus lab finetune --out lab --methods full,lora --steps 50 --seeds 1"
        })
public final class FinetuneLabCommand extends Experiment {
    @Option(
            names = "--methods",
            paramLabel = "<name>",
            split = ",",
            description = "only these; default all but lora-r64 and lora-table")
    private List<String> methods = List.of();

    @Option(
            names = "--base-text",
            paramLabel = "<name>",
            description = "what the base reads: all (default), so that it knows the words of the new text, or nouns,"
                    + " so that it does not")
    private BaseText baseText = BaseText.ALL;

    @Option(names = "--base-steps", paramLabel = "<n>", description = "steps that train the base; default 2000")
    private int baseSteps = 2000;

    @Option(names = "--steps", paramLabel = "<n>", description = "steps of each fine-tuning; default 150")
    private int steps = 150;

    @Mixin
    private LabSeeds seeds = new LabSeeds(3);

    public FinetuneLabCommand(Console console) {
        super(console);
    }

    @Override
    protected String tables() throws InterruptedException {
        LabPlan plan = plan();
        output().folder();
        Section section = new Section("Fine-tuning", Claims.prediction(baseText));
        output().predict("fine-tuning", Claims.prediction(baseText));
        output().say("the base: " + plan.baseSteps() + " steps on WordNet, " + baseText);
        Path base = LabBase.folder(plan, new LabProgress(baseSteps, output()::say));
        Trial trial = new Trial(plan, base);
        LabTable.Losses before = trial.base(null);
        LabTable.Losses quantized = trial.base(QuantConfig.NF4_DOUBLE);
        LabTable table = new LabTable(before, quantized);
        Map<String, List<Finding>> best = new LinkedHashMap<>();
        for (Contender contender : Contender.ALL) {
            if (plan.methods().isEmpty() ? contender.usual() : plan.methods().contains(contender.name())) {
                List<Finding> findings = MethodRuns.of(plan, contender);
                table.add(findings);
                best.put(contender.name(), Finding.best(findings));
            }
        }
        new Claims(baseText, before, quantized, best)
                .to(section.add(table.toString()).add(edges(best)));
        return memory(section, new CostTable(OpenBase.of(base).model(), first(best)))
                .toString();
    }

    /// Where another rate might be better still.
    private static String edges(Map<String, List<Finding>> best) {
        List<String> edges = Contender.ALL.stream()
                .filter(each -> best.containsKey(each.name()))
                .filter(each ->
                        each.rates().indexOf(best.get(each.name()).getFirst().rate()) != 1)
                .map(Contender::name)
                .toList();
        return edges.isEmpty()
                ? "Every method is best at the middle one of its three learning rates."
                : "Best at the lowest or highest of their three learning rates: " + String.join(", ", edges) + ".";
    }

    private static Map<String, Finding> first(Map<String, List<Finding>> best) {
        Map<String, Finding> first = new LinkedHashMap<>();
        best.forEach((method, findings) -> first.put(method, findings.getFirst()));
        return first;
    }

    private static Section memory(Section section, CostTable costs) {
        section.add(costs.toString());
        Map<String, Double> deviations = costs.deviations();
        if (!deviations.isEmpty()) {
            double most =
                    deviations.values().stream().mapToDouble(Math::abs).max().orElseThrow();
            section.claim(
                    "Memory of weights, gradients and optimiser is what the formula says, within 5 %; of "
                            + String.join(", ", deviations.keySet()) + " the farthest is off by",
                    String.format(Locale.ROOT, "%.2f %%", most),
                    most <= 100 * Claims.NEAR);
        }
        return section;
    }

    private LabPlan plan() {
        List<String> known = Contender.ALL.stream().map(Contender::name).toList();
        for (String method : methods) {
            if (!known.contains(method)) {
                throw new UsageException("--methods must be of %s; got %s".formatted(String.join(", ", known), method));
            }
        }
        return of(() -> new LabPlan(output().path(), baseText, baseSteps, steps, seeds.count(), methods));
    }
}
