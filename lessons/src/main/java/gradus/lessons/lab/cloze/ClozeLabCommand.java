package gradus.lessons.lab.cloze;

import gradus.error.DataException;
import gradus.error.FileReason;
import gradus.error.UsageException;
import gradus.lessons.lab.measure.Section;
import gradus.lessons.lab.option.Experiment;
import gradus.lessons.lab.option.LabProgress;
import gradus.lessons.lab.option.LabSeeds;
import gradus.train.cli.option.Version;
import gradus.train.cli.terminal.Console;
import gradus.train.corpus.DataFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `gradus lab cloze`
@Command(
        name = "cloze",
        description = {
            "Trains a small BERT to guess hidden tokens of WordNet's glosses, and",
            "fine-tunes it to tell the kind of a gloss (animal, food, plant, …) in two",
            "ways: by a cloze and by a new head on [CLS], with few and with many examples.",
            "The table has accuracies with 95 %% intervals over the seeds; shuffled labels",
            "and a BERT with random weights show what there is without knowledge. Chance is",
            "12.5 %%."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "Interrupted, it goes on with the numbers of examples that are missing in --out.",
            "",
            "Examples:",
            "  gradus lab cloze --out lab",
            "  gradus lab cloze --out lab --base-steps 200 --steps 20 --seeds 1 --examples 4,16",
            "  gradus lab cloze --out lab --examples 4,16,64,256,1024",
            "  gradus lab cloze --out lab --examples 4,16 --alpha 1e-4"
        })
public final class ClozeLabCommand extends Experiment {
    @Option(names = "--base-steps", paramLabel = "<n>", description = "steps that train the BERT; default 2000")
    private int baseSteps = 2000;

    @Option(
            names = "--steps",
            paramLabel = "<n>",
            description =
                    "the fewest steps of each fine-tuning, and up to five times as many for more examples, or three"
                            + " epochs; default 100")
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
            names = "--others-up-to",
            paramLabel = "<n>",
            description = "the most examples of each class with which more than the two ways are measured: three"
                    + " patterns together, a BERT with random weights, and shuffled labels; default 16")
    private int most = 16;

    @Option(
            names = "--lr",
            paramLabel = "<n>",
            split = ",",
            description = "the learning rates; each way has the best of them for it, chosen by other examples; default"
                    + " 2e-4,5e-4,1.5e-3")
    private List<Double> rates = List.of(2e-4, 5e-4, 1.5e-3);

    @Option(
            names = "--alpha",
            paramLabel = "<n>",
            description =
                    "one more way: the cloze with the loss (1 − alpha)·L_CE + alpha·L_MLM, in which L_MLM hides words"
                            + " of texts without labels; from 0 to 1, and 1e-4 in the paper; default 0, without it")
    private double alpha;

    @Option(
            names = "--unlabelled",
            paramLabel = "<file>",
            description = "the texts of L_MLM, one a line; default the glosses that are not held out")
    private String unlabelled;

    public ClozeLabCommand(Console console) {
        super(console);
    }

    @Override
    protected String tables() {
        ClozePlan plan = plan();
        List<String> texts = unlabelled == null ? List.of() : texts(unlabelled);
        output().folder();
        output().predict("cloze and [CLS]", ClozeClaims.prediction(plan));
        GlossData data = GlossData.load();
        output().say("the BERT: " + baseSteps + " steps on the glosses of WordNet");
        ClozeBase base = ClozeBase.of(plan, data, new LabProgress(baseSteps, output()::say));
        List<String> read = unlabelled == null ? data.text() : texts;
        ClozeTrial trial = new ClozeTrial(plan, data, base, read);
        ClozeColumns columns = new ClozeColumns(plan, read);
        ClozeTable table = new ClozeTable();
        for (int number : plan.examples()) {
            ClozeColumns.Column column = columns.of(number, count -> measured(plan, trial, count));
            table.add(number, column.rates(), column.found());
        }
        Section section = new Section("Cloze and [CLS]", ClozeClaims.prediction(plan));
        return new ClozeClaims(table)
                .to(section.add(table.markdown(trial.withoutExamples())))
                .toString();
    }

    private ClozePlan plan() {
        if (unlabelled != null && alpha == 0) {
            throw new UsageException("--unlabelled is read with an --alpha above 0 only");
        }
        return of(() -> new ClozePlan(output().path(), baseSteps, steps, most, seeds.count(), examples, rates, alpha));
    }

    /// The lines that are not blank.
    private static List<String> texts(String file) {
        List<String> texts = new ArrayList<>();
        for (Path path : DataFiles.texts(List.of(file), "--unlabelled")) {
            try (Stream<String> lines = Files.lines(path)) {
                lines.filter(line -> !line.isBlank()).forEach(texts::add);
            } catch (IOException e) {
                throw new DataException(path + " cannot be read: " + FileReason.of(e));
            } catch (UncheckedIOException e) {
                throw new DataException(path + " is no text in UTF-8");
            }
        }
        if (texts.isEmpty()) {
            throw new DataException(file + " holds no text");
        }
        return texts;
    }

    private ClozeColumns.Column measured(ClozePlan plan, ClozeTrial trial, int count) {
        ClozeTrial.Rates chosen = trial.rates(count);
        output().say(String.format(
                Locale.ROOT,
                "%d examples, %d steps: lr %s for [CLS], %s for the cloze",
                count,
                plan.steps(count),
                chosen.cls(),
                chosen.cloze()));
        List<SequencedMap<String, Double>> found = new ArrayList<>();
        for (long seed = 1; seed <= plan.seeds(); seed++) {
            found.add(trial.run(count, seed, chosen));
            output().say(count + " examples, seed " + seed + ": " + ClozeTable.line(found.getLast()));
        }
        return new ClozeColumns.Column(chosen, found);
    }
}
