package gradus.lessons.lab.prefer;

import gradus.error.ConfigException;
import gradus.error.UsageException;
import gradus.lessons.lab.option.Experiment;
import gradus.lessons.lab.option.LabSeeds;
import gradus.lessons.lab.prefer.PreferTrial.Measured;
import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.train.BpeTrainer;
import gradus.tokenizer.train.BpeTrainerOptions;
import gradus.train.cli.option.Version;
import gradus.train.cli.terminal.Console;
import gradus.train.corpus.WordNet;
import gradus.train.run.compare.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `gradus lab prefer`
@Command(
        name = "prefer",
        description = {
            "Teaches a small Llama what words mean, and lets it learn pairs of a right and",
            "a wrong meaning by direct preference optimisation. The table says how it ranks",
            "pairs that are held out and what it forgets, with 95 %% intervals over the",
            "seeds; pairs whose better answer is drawn by chance show what would be seen",
            "without learning."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  gradus lab prefer --out lab",
            "  gradus lab prefer --out lab --words 60 --steps 30 --seeds 1"
        })
public final class PreferLabCommand extends Experiment {
    private static final int VOCABULARY = 2048;
    private static final int STRANGERS = 3; // one unknown word for so many known ones

    @Option(names = "--words", paramLabel = "<n>", description = "words that are learned; default 600")
    private int words = 600;

    @Option(names = "--steps", paramLabel = "<n>", description = "steps that teach their meanings; default 400")
    private int steps = 400;

    @Mixin
    private LabSeeds seeds = new LabSeeds(3);

    public PreferLabCommand(Console console) {
        super(console);
    }

    @Override
    protected String tables() {
        if (words < 30 || steps < 1) {
            throw new UsageException(
                    "--words must be at least 30, and --steps at least 1; got %s and %s".formatted(words, steps));
        }
        int count = seeds.count();
        GlossPairs all = all();
        output().folder();
        GlossPairs known = all.part(0, words);
        GlossPairs unknown = all.part(words, all.words().size());
        Tokenizer tokenizer = new BpeTrainer(BpeTrainerOptions.of(VOCABULARY)).train(all.text());
        List<Measured> before = new ArrayList<>();
        List<Measured> after = new ArrayList<>();
        List<Measured> chance = new ArrayList<>();
        for (long seed = 1; seed <= count; seed++) {
            PreferTrial trial = new PreferTrial(PreferPlan.of(words, steps), tokenizer, known, unknown, seed);
            before.add(trial.before());
            after.add(trial.prefer(0));
            chance.add(trial.prefer(0.5));
            output().say("seed %s, %s numbers: %s; %s; by chance %s"
                    .formatted(seed, trial.parameters(), before.getLast(), after.getLast(), chance.getLast()));
            output().keep(table(before, after, chance));
        }
        return table(before, after, chance);
    }

    private GlossPairs all() {
        try {
            return GlossPairs.of(WordNet.read(), words + words / STRANGERS);
        } catch (ConfigException few) {
            throw new UsageException("--words: " + few.getMessage(), few);
        }
    }

    private static String table(List<Measured> before, List<Measured> after, List<Measured> chance) {
        StringBuilder table =
                new StringBuilder("| | taught | then DPO | then DPO, better answer by chance |\n|---|---|---|---|\n");
        record Row(String name, int digits, ToDoubleFunction<Measured> value) {}
        List<Row> rows = List.of(
                new Row("pairs held out that are ranked right, %", 1, each -> 100 * each.accuracy()),
                new Row("margin of their rewards", 2, Measured::margin),
                new Row("ranked right of words never seen, %", 1, each -> 100 * each.unknown()),
                new Row("loss of the right meanings", 3, Measured::meanings),
                new Row("loss of another question's answers", 3, Measured::kinds));
        for (Row row : rows) {
            table.append("| ").append(row.name).append(" |");
            for (List<Measured> each : List.of(before, after, chance)) {
                List<Double> values =
                        each.stream().map(row.value::applyAsDouble).toList();
                table.append(' ').append(shown(values, row.digits)).append(" |");
            }
            table.append('\n');
        }
        return table.toString();
    }

    private static String shown(List<Double> values, int digits) {
        if (values.stream().anyMatch(each -> each.isNaN())) {
            return "–";
        }
        Interval interval = Interval.of(values);
        String mean = number(interval.mean(), digits);
        return Double.isNaN(interval.half()) ? mean : mean + " ± " + number(interval.half(), digits);
    }

    private static String number(double value, int digits) {
        return String.format(Locale.ROOT, "%." + digits + "f", value);
    }
}
