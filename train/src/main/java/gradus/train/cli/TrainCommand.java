package gradus.train.cli;

import gradus.error.UsageException;
import gradus.layers.model.config.GptConfig;
import gradus.train.TrainConfig;
import gradus.train.TrainingResult;
import gradus.train.cli.option.Composition;
import gradus.train.cli.option.ContrastiveOptions;
import gradus.train.cli.option.DeviceOption;
import gradus.train.cli.option.Overrides;
import gradus.train.cli.option.PresetName;
import gradus.train.cli.option.Version;
import gradus.train.cli.option.WatchOptions;
import gradus.train.cli.progress.ConsoleDisplay;
import gradus.train.cli.terminal.Console;
import gradus.train.contrastive.ContrastiveCorpus;
import gradus.train.corpus.Corpus;
import gradus.train.run.Preset;
import gradus.train.run.RunConfig;
import gradus.train.run.RunDisplay;
import gradus.train.run.RunFolder;
import gradus.train.run.RunLock;
import gradus.train.run.RunSetup;
import gradus.train.run.RunTask;
import gradus.train.run.Settings;
import gradus.train.run.TrainingRun;
import gradus.train.run.text.TokenizerSource;
import gradus.train.task.ContrastiveConfig;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.IntConsumer;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;

/// `gradus train`
@Command(
        name = "train",
        description = "Trains a GPT on text and shows what it writes, or a BERT and shows what it guesses or finds.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        customSynopsis =
                "gradus train [--task=<task>] [--data=<file>...] [--preset=<name>] [--tokenizer=<folder>] [--steps=<n>] [--out=<folder>] [--model.<setting>=<n>] [--train.<setting>=<n>]",
        footer = {
            "",
            "Ctrl-C ends the training after the current step and keeps what was learnt; a second Ctrl-C ends at once.",
            "After either, and after a crash, --resume continues the training.",
            "",
            "Examples:",
            "  gradus train",
            "  gradus train --data my.txt --out runs/mine",
            "  gradus train --preset bpe-small",
            "  gradus train --task mlm --out runs/bert",
            "  gradus train --task contrastive --matryoshka 32,64,128 --out runs/vectors",
            "  gradus train --steps 5000 --model.layers=6 --train.lr=3e-4",
            "  gradus train --resume runs/mine"
        })
public final class TrainCommand implements Callable<Integer> {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");
    private static final Set<String> BESIDE_RESUME =
            Set.of("--resume", "--data", DeviceOption.DEVICE, DeviceOption.PRECISION);

    @Option(
            names = "--data",
            paramLabel = "<file>",
            arity = "1..*",
            description = "UTF-8 text files or globs such as 'texts/**.txt', token files of gradus tokenizer encode"
                    + " --out, or wordnet (the default); may be given several times")
    private List<String> data;

    @Option(
            names = "--task",
            paramLabel = "<task>",
            description =
                    "what is learnt: lm, to predict the next token (the default); mlm, to guess hidden tokens of each"
                            + " line, as BERT does; or contrastive, to give texts that belong together vectors that are"
                            + " near, from JSONL with anchor and positive; the tokenizer of both has [CLS], [SEP], [MASK]"
                            + " and [PAD]")
    private RunTask task;

    @Option(
            names = "--documentSeparator",
            paramLabel = "<text>",
            description =
                    "a control token such as '<|endoftext|>': a document ends where the data has the text of this token,"
                            + " and where a file ends; default: between several files, if the tokenizer has the token")
    private String separator;

    @Option(
            names = "--config",
            paramLabel = "<file>",
            description =
                    "settings in JSON: a run's config.json, or only some of its settings; options on the command line"
                            + " override the file")
    private Path settings;

    @Option(
            names = "--seeds",
            paramLabel = "<n>",
            split = ",",
            description =
                    "several seeds, such as 1,2,3: one run for each, in folders under --out, and then the mean of their"
                            + " validation losses with its 95 %% interval")
    private List<Long> seeds;

    @Option(
            names = "--preset",
            paramLabel = "<name>",
            converter = PresetName.class,
            description = "the settings to start from:")
    private Preset preset;

    @Option(
            names = "--tokenizer",
            paramLabel = "<folder>",
            description =
                    "the tokenizer, in a folder that gradus tokenizer train wrote; default: the preset's, made from the"
                            + " text")
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
                    "continue the run in this folder where it was interrupted; the result is, bit for bit, the same"
                            + " on the same device")
    private Path resume;

    @Mixin
    private WatchOptions watch = new WatchOptions();

    @Mixin
    private ContrastiveOptions contrastive = new ContrastiveOptions();

    @Mixin
    private DeviceOption device = new DeviceOption();

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
    public static CommandLine commandLine(Console console, IntConsumer quit) {
        TrainCommand command = new TrainCommand(console, quit);
        CommandLine commandLine = new CommandLine(command);
        command.spec = commandLine.getCommandSpec();
        nameThePresets(command.spec);
        command.trainOverrides = new Overrides<>(
                "train",
                Preset.CHAR_SMALL.train(),
                commandLine.getCommandSpec(),
                Map.of("steps", "--steps", "seed", "--seed"));
        command.modelOverrides =
                new Overrides<>("model", Preset.CHAR_SMALL.model(), commandLine.getCommandSpec(), Map.of());
        command.modelOverrides.add("%nThe model; defaults are those of char-small, vocabSize follows from the data:%n");
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
            String name = given.longestName();
            if (!BESIDE_RESUME.contains(name) && !WatchOptions.NAMES.contains(name)) {
                throw new UsageException("--resume continues a run with its own settings; leave out " + name);
            }
        }
        device.use();
        RunFolder folder = RunFolder.reopen(resume);
        RunConfig begun = RunConfig.read(folder);
        device.change(begun.made()).ifPresent(console.err()::println);
        try (RunLock lock = RunLock.take(folder.path())) {
            RunSetup.Plan plan = new RunSetup.Plan(
                    folder,
                    begun.preset(),
                    corpusOf(begun),
                    TokenizerSource.saved(folder.path()),
                    begun.data().documentSeparator(),
                    begun.train(),
                    begun.task(),
                    begun.contrastive());
            return train(new TrainingRun(RunSetup.resume(plan, begun), display()), folder, lock)
                    .exitCode();
        }
    }

    private RunDisplay display() {
        return new ConsoleDisplay(console);
    }

    /// Trains until the end or an interrupt.
    private Ended train(TrainingRun run, RunFolder folder, RunLock lock) {
        Runnable after = watch.listen(run, folder, console.err()::println);
        try (Interrupts interrupts = Interrupts.listen(run::requestStop, quit)) {
            TrainingResult result = run.train(lock);
            after.run();
            return new Ended(interrupts.exitCode(), result);
        }
    }

    /// How a run ended.
    ///
    /// @param exitCode of the program
    record Ended(int exitCode, TrainingResult result) {}

    /// The run's data, or what takes its place.
    private Corpus corpusOf(RunConfig begun) {
        boolean keepMark = begun.data().files() == null;
        if (data == null) {
            begun.data().requireThere(resume);
        }
        return corpus(data != null ? data : begun.data().names(), begun.contrastive(), keepMark);
    }

    private static Corpus corpus(List<String> names, ContrastiveConfig contrastive, boolean keepMark) {
        return contrastive == null
                ? Corpus.load(names, keepMark)
                : ContrastiveCorpus.load(names, contrastive.hardNegatives());
    }

    /// What arguments of `gradus train` ask for; nothing is done.
    ///
    /// @throws UsageException if they ask for what cannot be
    /// @throws picocli.CommandLine.ParameterException if they are no arguments
    static TrainChoice chosen(CommandLine train, List<String> arguments) {
        train.parseArgs(arguments.toArray(String[]::new));
        TrainCommand command = train.getCommand();
        if (command.resume != null || command.seeds != null) {
            throw new UsageException("--resume and --seeds are no settings of a single training");
        }
        TrainChoice chosen = command.choose();
        TinyBatch.requireWorks(chosen.model(), chosen.train());
        return chosen;
    }

    private TrainChoice choose() {
        Settings start = Settings.of(preset, task, settings);
        Map<String, Object> parts = modelOverrides.given();
        parts.putAll(composition.given(start.model()));
        GptConfig model = TrainChoice.model(start, parts);
        TrainConfig train = TrainChoice.train(start, trainOverrides.given());
        requireNames();
        TrainChoice.requireTask(start.task(), model, train, separator);
        return new TrainChoice(
                start,
                model,
                train,
                contrastive.of(start.contrastive(), model.dim()),
                data != null ? data : start.data() != null ? start.data() : List.of(Corpus.WORDNET),
                tokenizer,
                separator != null ? separator : start.documentSeparator());
    }

    private int begin() {
        TrainChoice chosen = choose();
        device.use();
        TinyBatch.requireWorks(chosen.model(), chosen.train());
        Path folder = out != null ? out : newFolder(chosen.start().preset());
        if (seeds == null) {
            return run(folder, chosen, chosen.train()).exitCode();
        }
        if (trainOverrides.given().containsKey("seed")) {
            throw new UsageException("--seeds gives each run its seed; leave out --seed");
        }
        return new Seeds(seeds, folder, console)
                .run((seed, place) -> run(place, chosen, chosen.train().withSeed(seed)));
    }

    private void requireNames() {
        if (out != null && out.toString().isBlank()) {
            throw new UsageException("--out must name a folder; got an empty text");
        }
        if (separator != null && separator.isEmpty()) {
            throw new UsageException("--documentSeparator must have at least one character");
        }
    }

    private TokenizerSource tokenizer(Settings start, String between) {
        if (tokenizer != null) {
            return TokenizerSource.saved(tokenizer);
        }
        return start.task().isEncoder()
                ? TokenizerSource.wordPiece(start.bpe())
                : TokenizerSource.made(start.bpe(), between);
    }

    private Ended run(Path path, TrainChoice chosen, TrainConfig train) {
        Settings start = chosen.start();
        Corpus corpus = corpus(chosen.data(), chosen.compared(), false);
        TokenizerSource source = tokenizer(start, chosen.separator());
        boolean vocabularyGiven =
                start.vocabularyGiven() || modelOverrides.given().containsKey("vocabSize");
        RunFolder folder = RunFolder.create(path, overwrite);
        Optional<Path> made = folder.make();
        boolean begun = false;
        try (RunLock lock = RunLock.take(folder.path())) {
            RunSetup setup = RunSetup.begin(
                    new RunSetup.Plan(
                            folder,
                            start.preset(),
                            corpus,
                            source,
                            chosen.separator(),
                            train,
                            start.task(),
                            chosen.compared()),
                    chosen.model(),
                    vocabularyGiven);
            begun = true;
            TrainingRun run = new TrainingRun(setup, display());
            run.begin();
            return train(run, folder, lock);
        } finally {
            if (!begun) {
                made.ifPresent(folder::unmake);
            }
        }
    }

    private static Path newFolder(String preset) {
        return Path.of("runs", preset + "-" + LocalDateTime.now().format(TIME));
    }
}
