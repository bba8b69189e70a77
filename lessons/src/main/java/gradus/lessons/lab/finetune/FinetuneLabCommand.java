package gradus.lessons.lab.finetune;

import gradus.error.UsageException;
import gradus.lessons.lab.option.Experiment;
import gradus.lessons.lab.option.LabProgress;
import gradus.lessons.lab.option.LabSeeds;
import gradus.train.cli.option.Version;
import gradus.train.cli.terminal.Console;
import gradus.train.finetune.OpenBase;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `gradus lab finetune`
@Command(
        name = "finetune",
        description = {
            "Trains a small model on the nouns of WordNet and fine-tunes it on the verbs,",
            "in another layout, by every method: each at its own three learning rates, and",
            "with several seeds at the best of them. The table says what each one trains,",
            "how much memory it takes, how fast it is, what it learns and what it forgets."
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
            "  gradus lab finetune --out lab --methods full,lora --steps 50 --seeds 1"
        })
public final class FinetuneLabCommand extends Experiment {
    @Option(
            names = "--methods",
            paramLabel = "<name>",
            split = ",",
            description = "only these; default all but lora-r64 and lora-table")
    private List<String> methods = List.of();

    @Option(names = "--base-steps", paramLabel = "<n>", description = "steps that train the base; default 1200")
    private int baseSteps = 1200;

    @Option(names = "--steps", paramLabel = "<n>", description = "steps of each fine-tuning; default 200")
    private int steps = 200;

    @Mixin
    private LabSeeds seeds = new LabSeeds(3);

    public FinetuneLabCommand(Console console) {
        super(console);
    }

    @Override
    protected String tables() throws InterruptedException {
        LabPlan plan = plan();
        output().folder();
        output().say("the base: " + plan.baseSteps() + " steps on the nouns of WordNet");
        Path base = LabBase.folder(plan, new LabProgress(baseSteps, output()::say));
        LabTable table = Trial.table(base);
        Map<String, Finding> measured = new HashMap<>();
        for (Contender contender : Contender.ALL) {
            if (plan.methods().isEmpty() ? contender.usual() : plan.methods().contains(contender.name())) {
                List<Finding> findings = MethodRuns.of(plan, contender);
                table.add(findings);
                measured.put(contender.name(), findings.getFirst());
            }
        }
        String text = table + "\n" + new CostTable(OpenBase.of(base).model(), measured);
        return text;
    }

    private LabPlan plan() {
        List<String> known = Contender.ALL.stream().map(Contender::name).toList();
        for (String method : methods) {
            if (!known.contains(method)) {
                throw new UsageException("--methods must be of %s; got %s".formatted(String.join(", ", known), method));
            }
        }
        return of(() -> new LabPlan(output().path(), baseSteps, steps, seeds.count(), methods));
    }
}
