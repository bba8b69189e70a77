package gradus.train.cli;

import gradus.error.ConfigException;
import gradus.error.CorruptCheckpointException;
import gradus.error.UsageException;
import gradus.train.EndReason;
import gradus.train.TrainConfig;
import gradus.train.TrainingResult;
import gradus.train.cli.option.DeviceOption;
import gradus.train.cli.option.Overrides;
import gradus.train.cli.progress.ConsoleDisplay;
import gradus.train.cli.terminal.Console;
import gradus.train.finetune.Finetuning;
import gradus.train.finetune.Tuned;
import gradus.train.finetune.TuningFolder;
import gradus.train.run.ConfigFields;
import gradus.train.run.Line;
import gradus.train.run.RunFolder;
import gradus.train.run.RunLock;
import gradus.train.run.TuningConfig;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/// What commands have in common that train a model which is there already, in a folder of their own: they
/// begin, are stopped, and go on with the options that config.json tells.
abstract class TuningCommand implements Callable<Integer> {
    private static final int WARMUP_SHARE = 20;
    private static final Set<String> OF_ONE_CALL =
            Set.of("--resume", "--overwrite", "--out", DeviceOption.DEVICE, DeviceOption.PRECISION);
    private static final Map<String, String> SHORT = Map.of(
            "steps", "--steps",
            "batchSize", "--batch-size",
            "lr", "--lr",
            "minLr", "--min-lr",
            "warmup", "--warmup",
            "optimizer", "--optimizer",
            "weightDecay", "--weight-decay",
            "accumulation", "--accumulation",
            "evalEvery", "--eval-interval",
            "seed", "--seed");

    @Option(
            names = "--base",
            paramLabel = "<path>",
            description = "a run's folder, a Hugging Face folder or a GGUF file")
    Path base;

    @Option(
            names = "--data",
            paramLabel = "<file>",
            arity = "1..*",
            description = "what to learn from: files, or globs such as 'texts/**.txt'; see below what they hold")
    List<String> data;

    @Option(names = "--out", paramLabel = "<folder>", description = "the folder to fill")
    Path out;

    @Option(
            names = "--resume",
            description =
                    "continue what was begun in --out, with its own settings; options that name what is read tell new"
                            + " places, if it was moved")
    private boolean resume;

    @Option(names = "--overwrite", description = "replace what was begun in --out")
    private boolean overwrite;

    @Mixin
    private DeviceOption device = new DeviceOption();

    private final Console console;
    private final IntConsumer quit;
    Overrides<TrainConfig> settings;
    CommandSpec spec;

    TuningCommand(Console console, IntConsumer quit) {
        this.console = console;
        this.quit = quit;
    }

    /// A command line with an option for every setting of the training.
    ///
    /// @param heading of these options
    static CommandLine commandLine(TuningCommand command, String heading) {
        CommandLine commandLine = new CommandLine(command);
        command.spec = commandLine.getCommandSpec();
        command.settings = new Overrides<>("train", Finetuning.DEFAULTS, command.spec, SHORT);
        command.settings.add(heading);
        return commandLine;
    }

    /// A command line of the same command.
    ///
    /// @param quit ends the program at once
    abstract CommandLine fresh(Console console, IntConsumer quit);

    /// The same command with `--resume` and the places that were given now.
    void goOnLike(TuningCommand given) {
        resume = true;
        base = given.base != null ? given.base : base;
        data = given.data != null ? given.data : data;
    }

    /// What may stand beside `--resume`: what names a place.
    Set<String> besideResume() {
        return Set.of("--base", "--data");
    }

    /// The first option that is missing although it must be given, or null.
    abstract String missing();

    /// Files and folders that are read, as far as they can be told by names.
    List<Path> read() {
        List<Path> read = new ArrayList<>(List.of(base));
        if (data != null) {
            data.stream().map(File::new).filter(File::exists).map(File::toPath).forEach(read::add);
        }
        return read;
    }

    /// The settings of the training.
    abstract TrainConfig train();

    /// What is to be done.
    ///
    /// @throws ConfigException if options do not fit each other
    abstract Finetuning.Plan plan(TrainConfig train, TuningConfig config);

    /// Throws if what follows the training does not fit; nothing by default.
    void requireFits(Finetuning tuning) {}

    /// What follows a training that went to its end.
    void after() {}

    /// Whether a value of an option is a path.
    boolean isPath(OptionSpec option, String value) {
        return switch (option.longestName()) {
            case "--data" -> true;
            case "--chat-template" -> new File(value).isFile();
            default -> option.typeInfo().getType() == Path.class;
        };
    }

    @Override
    public final Integer call() {
        if (out == null) {
            throw new UsageException("--out must be given: the folder to fill");
        }
        return resume ? goOn() : begin();
    }

    private int begin() {
        if (base == null || missing() != null) {
            throw new UsageException((base == null ? "--base" : missing()) + " must be given, unless to --resume");
        }
        TrainConfig train = settings(this::train);
        Finetuning.Plan plan = settings(() -> plan(train, TuningConfig.begun(options(), train)));
        device.use();
        new TuningFolder(out).requireFree(overwrite, read());
        RunFolder folder = new RunFolder(out);
        Optional<Path> made = folder.make();
        try (RunLock lock = RunLock.take(out)) {
            return train(plan, lock);
        } finally {
            if (!Files.exists(folder.config())) {
                made.ifPresent(folder::unmake);
            }
        }
    }

    private int goOn() {
        if (overwrite) {
            throw new UsageException("--overwrite begins anew, and --resume goes on; leave out one of them");
        }
        for (OptionSpec given : spec.commandLine().getParseResult().matchedOptions()) {
            String name = given.longestName();
            if (!OF_ONE_CALL.contains(name) && !besideResume().contains(name)) {
                throw new UsageException("--resume continues a fine-tuning with its own settings; leave out " + name);
            }
        }
        RunFolder folder = new RunFolder(out);
        if (!Files.isRegularFile(folder.config())) {
            throw new UsageException(out + " holds no fine-tuning: config.json is missing");
        }
        TuningConfig begun = TuningConfig.read(folder);
        TuningCommand command = again(begun, folder.config());
        command.out = out;
        command.goOnLike(this);
        device.use();
        device.change(begun.made()).ifPresent(this::say);
        try (RunLock lock = RunLock.take(out)) {
            return command.train(settings(() -> command.plan(begun.train(), begun)), lock);
        }
    }

    /// The command as it was given when the training was begun.
    private TuningCommand again(TuningConfig begun, Path config) {
        CommandLine commandLine = fresh(console, quit)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .registerConverter(Path.class, Errors::path)
                .setExpandAtFiles(false);
        try {
            commandLine.parseArgs(begun.options().toArray(String[]::new));
        } catch (ParameterException wrong) {
            throw new CorruptCheckpointException(config + ": " + wrong.getMessage(), wrong);
        }
        TuningCommand command = commandLine.getCommand();
        if (command.base == null || command.missing() != null) {
            throw new CorruptCheckpointException(
                    config + ": options name no " + (command.base == null ? "--base" : command.missing()));
        }
        return command;
    }

    /// The options that a resume needs, with paths that do not depend on where it is called.
    private List<String> options() {
        List<String> options = new ArrayList<>();
        for (OptionSpec each :
                new LinkedHashSet<>(spec.commandLine().getParseResult().matchedOptions())) {
            String name = each.longestName();
            if (OF_ONE_CALL.contains(name) || name.startsWith("--train.")) { // settings stand by themselves
                continue;
            }
            if (each.arity().max() == 0) {
                boolean not = each.negatable() && Boolean.FALSE.equals(each.getValue());
                options.add(not ? name.replaceFirst("--", "--no-") : name);
            }
            for (String value : each.arity().max() == 0 ? List.<String>of() : each.originalStringValues()) {
                options.add(name + "=" + (isPath(each, value) ? absolute(value) : value));
            }
        }
        return options;
    }

    /// Not by [Path], since on some systems a glob is no path.
    private static String absolute(String value) {
        return new File(value).getAbsolutePath();
    }

    private int train(Finetuning.Plan plan, RunLock lock) {
        Ended ended = trained(plan, lock);
        if (!ended.early) {
            after();
        }
        return ended.exitCode;
    }

    private record Ended(boolean early, int exitCode) {}

    private Ended trained(Finetuning.Plan plan, RunLock lock) {
        Finetuning tuning = tuning(plan);
        requireFits(tuning);
        if (resume) {
            tuning.requireSameBase();
        } else {
            new TuningFolder(out).clear(); // now that nothing is in the way
            tuning.begin();
        }
        Tuned tuned = tuning.tuned();
        tuned.notes().forEach(this::say);
        say(Line.format(
                "%,d numbers are trained, %.2f %% of the base's %,d",
                tuned.trainedParameters(),
                100.0 * tuned.trainedParameters() / tuned.baseParameters(),
                tuned.baseParameters()));
        try (Interrupts interrupts = Interrupts.listen(() -> stop(tuning), quit)) {
            TrainingResult result = tuning.run(lock, new ConsoleDisplay(console), resume);
            boolean early = result.reason() == EndReason.STOPPED;
            say(
                    early
                            ? "stopped early; what was learnt is in %s; %s goes on".formatted(out, plan.resumeCommand())
                            : "everything is in " + out);
            return new Ended(early, interrupts.exitCode());
        }
    }

    private void stop(Finetuning tuning) {
        tuning.requestStop();
        say("\nstopping after this step, to keep what was learnt; once more ends at once");
    }

    private static Finetuning tuning(Finetuning.Plan plan) {
        try {
            return new Finetuning(plan);
        } catch (ConfigException wrong) { // what was asked for does not fit the base
            throw new UsageException(wrong.getMessage(), wrong);
        }
    }

    /// The settings with what depends on others and was not given.
    ///
    /// @param lr the learning rate, if none is given
    final TrainConfig train(TrainConfig defaults, double lr) {
        Map<String, Object> given = settings.given();
        TrainConfig train = ConfigFields.with(defaults, given);
        if (!given.containsKey("lr")) {
            train = train.withLr(lr);
        }
        if (!given.containsKey("minLr")) {
            train = train.withMinLr(train.learningRate().lr() / 10);
        }
        if (!given.containsKey("warmup")) {
            train = train.withWarmup(train.steps() / WARMUP_SHARE);
        }
        if (!given.containsKey("evalEvery")) {
            train = train.withEvalEvery(Math.max(1, train.steps() / 4));
        }
        return train.validate();
    }

    /// What is wrong with settings is wrong with the command line.
    private static <R> R settings(Supplier<R> made) {
        try {
            return made.get();
        } catch (ConfigException wrong) {
            throw new UsageException(wrong.getMessage(), wrong);
        }
    }

    final void say(String line) {
        console.err().println(line);
    }
}
