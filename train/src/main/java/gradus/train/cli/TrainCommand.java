package gradus.train.cli;

import gradus.error.ConfigException;
import gradus.error.UsageException;
import gradus.layers.model.Gpt;
import gradus.layers.model.GptConfig;
import gradus.tensor.Rng;
import gradus.tensor.Scope;
import gradus.train.TrainConfig;
import gradus.train.corpus.Corpus;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.IntConsumer;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;

/// `gradus train`
@Command(
        name = "train",
        description = "Trains a GPT on text and shows what it writes.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        customSynopsis =
                "gradus train [--data=<file>] [--preset=<name>] [--tokenizer=<folder>] [--steps=<n>] [--out=<folder>] [--model.<setting>=<n>] [--train.<setting>=<n>]",
        footer = {
            "",
            "Ctrl-C ends the training after the current step and keeps what was learnt; a second Ctrl-C ends at once.",
            "Either way, and after a crash too, --resume goes on.",
            "",
            "Examples:",
            "  gradus train",
            "  gradus train --data my.txt --out runs/mine",
            "  gradus train --preset bpe-small",
            "  gradus train --steps 5000 --model.layers=6 --train.lr=3e-4",
            "  gradus train --resume runs/mine"
        })
final class TrainCommand implements Callable<Integer> {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");
    private static final int WARMUP_SHARE = 20;
    private static final Set<String> BESIDE_RESUME = Set.of("--resume", "--data", "--device");

    @Option(names = "--data", paramLabel = "<file>", description = "a UTF-8 text file, or wordnet (the default)")
    private String data;

    @Option(
            names = "--preset",
            paramLabel = "<name>",
            converter = Preset.ByName.class,
            description = "where the settings start:")
    private Preset preset = Preset.CHAR_SMALL;

    @Option(
            names = "--tokenizer",
            paramLabel = "<folder>",
            description = "cut the text with this tokenizer, as gradus tokenizer train leaves one; default: the"
                    + " preset's, made from the text")
    private Path tokenizer;

    @Option(
            names = "--out",
            paramLabel = "<folder>",
            description = "the run's folder; default runs/<preset>-<date>-<time>")
    private Path out;

    @Option(names = "--overwrite", description = "replace the run in --out")
    private boolean overwrite;

    @Option(
            names = "--resume",
            paramLabel = "<folder>",
            description =
                    "go on with the run of this folder where it was interrupted; bit for bit as if it had not been")
    private Path resume;

    @Option(names = "--device", paramLabel = "<device>", description = "auto (the default), cpu or gpu")
    private Device device = Device.AUTO;

    private final Console console;
    private final IntConsumer quit;
    private Overrides<GptConfig> modelOverrides;
    private Overrides<TrainConfig> trainOverrides;
    private Composition composition;
    private CommandSpec spec;

    private TrainCommand(Console console, IntConsumer quit) {
        this.console = console;
        this.quit = quit;
    }

    /// The command with an option for every field of the configuration.
    static CommandLine commandLine(Console console, IntConsumer quit) {
        TrainCommand command = new TrainCommand(console, quit);
        CommandLine commandLine = new CommandLine(command);
        command.spec = commandLine.getCommandSpec();
        nameThePresets(command.spec);
        command.trainOverrides = new Overrides<>(
                "train", Preset.CHAR_SMALL.train(), commandLine.getCommandSpec(), List.of("steps", "seed"));
        command.modelOverrides =
                new Overrides<>("model", Preset.CHAR_SMALL.model(), commandLine.getCommandSpec(), List.of());
        command.modelOverrides.add("%nThe model; defaults are those of char-small, vocabSize is the data's:%n");
        command.composition = new Composition(commandLine.getCommandSpec());
        command.composition.add(
                "%nThe model's parts, which `gradus components` describes:%n", Preset.CHAR_SMALL.model());
        command.trainOverrides.add("%nThe training; warmup is at most a twentieth of the steps unless given:%n");
        return commandLine;
    }

    /// The options in their order, with a line for each preset.
    private static void nameThePresets(CommandSpec spec) {
        for (OptionSpec option : List.copyOf(spec.options())) {
            spec.remove(option);
            spec.addOption(option.longestName().equals("--preset") ? withNames(option) : option);
        }
    }

    private static OptionSpec withNames(OptionSpec preset) {
        List<String> lines = new ArrayList<>(List.of(preset.description()));
        lines.addAll(List.of(Preset.help()));
        return OptionSpec.builder(preset)
                .description(lines.toArray(String[]::new))
                .completionCandidates(Preset.ALL.stream().map(Preset::name).toList())
                .build();
    }

    @Override
    public Integer call() {
        return resume == null ? begin() : goOn();
    }

    private int goOn() {
        for (OptionSpec given : spec.commandLine().getParseResult().matchedOptions()) {
            if (!BESIDE_RESUME.contains(given.longestName())) {
                throw new UsageException(
                        "--resume goes on with a run as it was begun; leave out " + given.longestName());
            }
        }
        device.require();
        RunFolder folder = RunFolder.reopen(resume);
        RunConfig begun = RunConfig.read(folder);
        try (RunLock lock = RunLock.take(folder.path())) {
            Corpus corpus = Corpus.load(data == null ? begun.data().name() : data);
            TokenizerSource source = TokenizerSource.saved(folder.path());
            return new TrainingRun(folder, begun.preset(), corpus, source, begun.train(), console).resume(begun, quit);
        }
    }

    private int begin() {
        Map<String, Object> parts = modelOverrides.given();
        parts.putAll(composition.given(preset.model()));
        GptConfig model = configured(preset.model(), parts);
        requireFittingParts(model);
        TrainConfig train = configured(preset.train(), warmedUp(trainOverrides.given()));
        device.require();
        Corpus corpus = Corpus.load(data == null ? Corpus.WORDNET : data);
        TokenizerSource source =
                tokenizer == null ? TokenizerSource.made(preset.bpe()) : TokenizerSource.saved(tokenizer);
        RunFolder folder = RunFolder.create(out != null ? out : newFolder(), overwrite);
        boolean vocabularyGiven = modelOverrides.given().containsKey("vocabSize");
        try (RunLock lock = RunLock.take(folder.path())) {
            folder.clear();
            return new TrainingRun(folder, preset.name(), corpus, source, train, console)
                    .run(model, vocabularyGiven, quit);
        }
    }

    /// Parts check their settings when they are built, so one block is, before a run folder is made.
    private static void requireFittingParts(GptConfig model) {
        try (var scope = Scope.open()) {
            new Gpt(model.withVocabSize(1).withLayers(1), Rng.of(0));
        } catch (ConfigException e) {
            throw new UsageException(e.getMessage(), e);
        }
    }

    private Path newFolder() {
        return Path.of("runs", preset.name() + "-" + LocalDateTime.now().format(TIME));
    }

    /// A training that was only told to be shorter also warms up for a shorter time.
    private Map<String, Object> warmedUp(Map<String, Object> given) {
        if (given.get("steps") instanceof Integer steps && steps > 0) {
            given.putIfAbsent("warmup", Math.min(preset.train().warmup(), steps / WARMUP_SHARE));
        }
        if (given.get("lr") instanceof Double lr) {
            given.putIfAbsent("minLr", Math.min(preset.train().minLr(), lr));
        }
        return given;
    }

    private static <R extends Record> R configured(R preset, Map<String, Object> given) {
        try {
            return RecordFields.with(preset, given);
        } catch (ConfigException e) {
            throw new UsageException(e.getMessage(), e);
        }
    }
}
