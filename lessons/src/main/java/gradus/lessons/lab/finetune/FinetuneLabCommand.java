package gradus.lessons.lab.finetune;

import gradus.error.FileReason;
import gradus.error.ResourceException;
import gradus.error.UsageException;
import gradus.train.StepReport;
import gradus.train.TrainingListener;
import gradus.train.cli.option.Version;
import gradus.train.cli.terminal.Console;
import gradus.train.finetune.OpenBase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `gradus lab finetune`
@Command(
        name = "finetune",
        description = {
            "Trains a small model on the nouns of WordNet and fine-tunes it on the verbs, in",
            "another layout, by every method: each at the best of its own three learning",
            "rates, with several seeds. The table says what each one trains, how much memory",
            "it takes, how fast it is, what it learns and what it forgets."
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
public final class FinetuneLabCommand implements Callable<Integer> {

    @Option(names = "--out", required = true, paramLabel = "<folder>", description = "where everything is kept")
    private Path out;

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

    @Option(names = "--seeds", paramLabel = "<n>", description = "seeds of the best learning rate; default 3")
    private int seeds = 3;

    private final Console console;

    public FinetuneLabCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException {
        LabPlan plan = plan();
        create();
        say("the base: " + plan.baseSteps() + " steps on the nouns of WordNet");
        Path base = LabBase.folder(plan, new TrainingListener() {
            @Override
            public void onStep(StepReport report) {
                if (report.step() % Math.max(1, baseSteps / 10) == 0) {
                    say(String.format(Locale.ROOT, "  step %,d: loss %.4f", report.step(), report.loss()));
                }
            }
        });
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
        write(text);
        console.out().print(text);
        return 0;
    }

    private LabPlan plan() {
        List<String> known = Contender.ALL.stream().map(Contender::name).toList();
        for (String method : methods) {
            if (!known.contains(method)) {
                throw new UsageException("--methods must be of %s; got %s".formatted(String.join(", ", known), method));
            }
        }
        return new LabPlan(out, baseSteps, steps, seeds, methods);
    }

    private void create() {
        try {
            Files.createDirectories(out);
        } catch (IOException e) {
            throw new ResourceException(out + " cannot be made: " + FileReason.of(e), e);
        }
    }

    private void write(String text) {
        try {
            Files.writeString(out.resolve("table.md"), text);
        } catch (IOException e) {
            throw new ResourceException(out.resolve("table.md") + " cannot be written: " + FileReason.of(e), e);
        }
    }

    private void say(String line) {
        console.err().println(line);
    }
}
