package gradus.lessons.lab.cloze;

import gradus.error.ConfigException;
import gradus.error.UsageException;
import gradus.lessons.lab.LabOutput;
import gradus.lessons.lab.LabSeeds;
import gradus.lessons.lab.finetune.Interval;
import gradus.train.StepReport;
import gradus.train.TrainingListener;
import gradus.train.cli.option.Version;
import gradus.train.cli.terminal.Console;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `gradus lab cloze`
@Command(
        name = "cloze",
        description = {
            "Trains a small BERT to guess hidden tokens of WordNet's glosses, and fine-tunes it",
            "to tell the kind of a gloss (animal, food, plant, …) in two ways: by a cloze and",
            "by a new head on [CLS], with few and with many examples. The table has accuracies",
            "with 95 % intervals over the seeds; shuffled labels and a BERT with random weights",
            "show what there is without knowledge. Chance is 12.5 %."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  gradus lab cloze --out lab",
            "  gradus lab cloze --out lab --base-steps 200 --steps 20 --seeds 1 --examples 4,16"
        })
public final class ClozeLabCommand implements Callable<Integer> {

    @Mixin
    private LabOutput output;

    @Option(names = "--base-steps", paramLabel = "<n>", description = "steps that train the BERT; default 2000")
    private int baseSteps = 2000;

    @Option(
            names = "--steps",
            paramLabel = "<n>",
            description = "the fewest steps of each fine-tuning; default 100, and more for many examples")
    private int steps = 100;

    @Mixin
    private LabSeeds seeds = new LabSeeds(3);

    @Option(
            names = "--examples",
            paramLabel = "<n>",
            split = ",",
            description = "how many examples of each class; default 4,16,64,256")
    private List<Integer> examples = List.of(4, 16, 64, 256);

    @Option(
            names = "--lr",
            paramLabel = "<n>",
            split = ",",
            description = "the learning rates; each way has the best of them for it, chosen by other examples; default"
                    + " 2e-4,5e-4,1.5e-3")
    private List<Double> rates = List.of(2e-4, 5e-4, 1.5e-3);

    public ClozeLabCommand(Console console) {
        this.output = new LabOutput(console);
    }

    @Override
    public Integer call() {
        ClozePlan plan = plan();
        output.folder();
        GlossData data = GlossData.load();
        output.say("the BERT: " + baseSteps + " steps on the glosses of WordNet");
        ClozeBase base = ClozeBase.of(plan, data, new TrainingListener() {
            @Override
            public void onStep(StepReport report) {
                if (report.step() % Math.max(1, baseSteps / 10) == 0) {
                    output.say(String.format(Locale.ROOT, "  step %,d: loss %.4f", report.step(), report.loss()));
                }
            }
        });
        String table = table(plan, new ClozeTrial(plan, data, base));
        output.finish(table);
        return 0;
    }

    private ClozePlan plan() {
        try {
            return new ClozePlan(output.path(), baseSteps, steps, seeds.count(), examples, rates);
        } catch (ConfigException wrong) {
            throw new UsageException(wrong.getMessage(), wrong);
        }
    }

    private String table(ClozePlan plan, ClozeTrial trial) {
        StringBuilder rates = new StringBuilder();
        SequencedMap<String, StringBuilder> rows = new LinkedHashMap<>();
        StringBuilder head = new StringBuilder("| accuracy in % |");
        StringBuilder rule = new StringBuilder("|---|");
        for (int count : plan.examples()) {
            head.append(' ').append(count).append(" examples a class |");
            rule.append("---|");
            ClozeTrial.Rates chosen = trial.rates(count);
            output.say(String.format(
                    Locale.ROOT,
                    "%d examples: lr %s for [CLS], %s for the cloze",
                    count,
                    chosen.cls(),
                    chosen.cloze()));
            rates.append(String.format(
                    Locale.ROOT, "%s%d: %s and %s", rates.isEmpty() ? "" : ", ", count, chosen.cls(), chosen.cloze()));
            SequencedMap<String, List<Double>> found = new LinkedHashMap<>();
            for (long seed = 1; seed <= plan.seeds(); seed++) {
                trial.run(count, seed, chosen)
                        .forEach((way, accuracy) -> found.computeIfAbsent(way, key -> new ArrayList<>())
                                .add(100 * accuracy));
                output.say(count + " examples, seed " + seed + ": " + last(found));
            }
            List<Double> differences = new ArrayList<>();
            for (int i = 0; i < plan.seeds(); i++) {
                differences.add(found.get("cloze").get(i) - found.get("[CLS]").get(i));
            }
            found.put("cloze − [CLS], by seed", differences);
            found.forEach((way, values) -> rows.computeIfAbsent(way, key -> new StringBuilder("| " + way + " |"))
                    .append(' ')
                    .append(shown(Interval.of(values)))
                    .append(" |"));
        }
        String before = String.format(Locale.ROOT, "%.1f", 100 * trial.withoutExamples());
        return head + "\n" + rule + "\n" + String.join("\n", rows.values()) + "\n\nThe cloze without any example: "
                + before + " %\n\nLearning rates of [CLS] and of the cloze, by examples a class: " + rates + "\n";
    }

    private static String last(SequencedMap<String, List<Double>> found) {
        StringBuilder line = new StringBuilder();
        found.forEach((way, values) -> line.append(
                String.format(Locale.ROOT, "%s%s %.1f", line.isEmpty() ? "" : ", ", way, values.getLast())));
        return line.toString();
    }

    private static String shown(Interval interval) {
        return Double.isNaN(interval.half())
                ? String.format(Locale.ROOT, "%.1f", interval.mean())
                : String.format(Locale.ROOT, "%.1f ± %.1f", interval.mean(), interval.half());
    }
}
