package gradus.train.cli;

import gradus.error.ConfigException;
import gradus.error.CorruptCheckpointException;
import gradus.error.UsageException;
import gradus.train.EndReason;
import gradus.train.TrainConfig;
import gradus.train.TrainingResult;
import gradus.train.cli.option.AdapterOptions;
import gradus.train.cli.option.DeviceOption;
import gradus.train.cli.option.InstructionOptions;
import gradus.train.cli.option.Overrides;
import gradus.train.cli.option.Version;
import gradus.train.cli.progress.ConsoleDisplay;
import gradus.train.cli.terminal.Console;
import gradus.train.corpus.Corpus;
import gradus.train.finetune.Finetuning;
import gradus.train.finetune.Then;
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
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/// `gradus finetune`
@Command(
        name = "finetune",
        description =
                "Trains a model that is there already on another text or on conversations, as a whole or by a small"
                        + " adapter.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        customSynopsis =
                "gradus finetune --base=<path> --data=<file>... --out=<folder> [--method=<method>] [--train.<setting>=<n>] [...]",
        footer = {
            "",
            "The folder then holds the adapter as Hugging Face's peft has it, for",
            "gradus merge, export --adapter and sample --adapter, a soft prompt for",
            "sample --adapter only; or, with --method full, the model.",
            "Ctrl-C ends the training after the current step and keeps what was learnt;",
            "--resume continues it.",
            "",
            "Examples:",
            "  gradus finetune --base runs/mine --data my.txt --out tuned",
            "  gradus finetune --base folder --data my.txt --out tuned --r 16 --target-modules q_proj,v_proj",
            "  gradus finetune --base folder --data my.txt --out tuned --method qlora",
            "  gradus finetune --base folder --data my.txt --out tuned --then merge,quantize=q8_0,gguf,modelfile",
            "  gradus finetune --base runs/mine --data chat.jsonl --chat-template chatml --method full --out tuned",
            "  gradus finetune --base runs/mine --data my.txt --out tuned --method prefix",
            "  gradus finetune --resume --out tuned"
        })
final class FinetuneCommand implements Callable<Integer> {
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
    private static final int WARMUP_SHARE = 20;
    private static final Set<String> OF_ONE_CALL =
            Set.of("--resume", "--overwrite", "--out", DeviceOption.DEVICE, DeviceOption.PRECISION);
    private static final Set<String> BESIDE_RESUME = Set.of("--base", "--data");

    @Option(
            names = "--base",
            paramLabel = "<path>",
            description = "a run's folder, a Hugging Face folder or a GGUF file")
    private Path base;

    @Option(
            names = "--data",
            paramLabel = "<file>",
            arity = "1..*",
            description = "UTF-8 text files or globs such as 'texts/**.txt', or conversations in JSON or JSONL")
    private List<String> data;

    @Option(names = "--out", paramLabel = "<folder>", description = "the folder to fill")
    private Path out;

    @Option(
            names = "--resume",
            description =
                    "continue what was begun in --out, with its own settings; --base and --data tell new places, if they"
                            + " were moved")
    private boolean resume;

    @Option(names = "--overwrite", description = "replace the fine-tuning in --out")
    private boolean overwrite;

    @Mixin
    private AdapterOptions adapter;

    @Mixin
    private InstructionOptions instructions;

    @Option(
            names = "--then",
            paramLabel = "<steps>",
            description = "what follows the training, as merge,quantize=q8_0,gguf,modelfile: merge the adapter, write a"
                    + " GGUF file of this type and what Ollama reads; or hf for a Hugging Face folder, or"
                    + " adapter-gguf,modelfile for a LoRA beside its base")
    private String then;

    @Mixin
    private DeviceOption device = new DeviceOption();

    private final Console console;
    private final IntConsumer quit;
    private Overrides<TrainConfig> settings;
    private CommandSpec spec;

    private FinetuneCommand(Console console, IntConsumer quit) {
        this.console = console;
        this.quit = quit;
    }

    /// The command with an option for every setting of the training.
    static CommandLine commandLine(Console console, IntConsumer quit) {
        FinetuneCommand command = new FinetuneCommand(console, quit);
        CommandLine commandLine = new CommandLine(command);
        command.spec = commandLine.getCommandSpec();
        command.settings = new Overrides<>("train", Finetuning.DEFAULTS, command.spec, SHORT);
        command.settings.add(
                "%nThe training; unless given, lr is 1e-4 with --method full, minLr a tenth of lr, and warmup"
                        + " and evalEvery a twentieth and a quarter of the steps:%n");
        return commandLine;
    }

    @Override
    public Integer call() {
        if (out == null) {
            throw new UsageException("--out must be given: the folder to fill");
        }
        return resume ? goOn() : begin();
    }

    private int begin() {
        if (base == null || data == null) {
            throw new UsageException((base == null ? "--base" : "--data") + " must be given, unless to --resume");
        }
        Then.of(then);
        TrainConfig train = train();
        Finetuning.Plan plan = plan(train, TuningConfig.begun(options(), train));
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

    /// What is read, as far as it can be told by names.
    private List<Path> read() {
        List<Path> read = new ArrayList<>(List.of(base));
        data.stream().map(File::new).filter(File::exists).map(File::toPath).forEach(read::add);
        return read;
    }

    private int goOn() {
        if (overwrite) {
            throw new UsageException("--overwrite begins anew, and --resume goes on; leave out one of them");
        }
        for (OptionSpec given : spec.commandLine().getParseResult().matchedOptions()) {
            String name = given.longestName();
            if (!OF_ONE_CALL.contains(name) && !BESIDE_RESUME.contains(name)) {
                throw new UsageException("--resume continues a fine-tuning with its own settings; leave out " + name);
            }
        }
        RunFolder folder = new RunFolder(out);
        if (!Files.isRegularFile(folder.config())) {
            throw new UsageException(out + " holds no fine-tuning: config.json is missing");
        }
        TuningConfig begun = TuningConfig.read(folder);
        FinetuneCommand command = again(begun, folder.config());
        command.out = out;
        command.resume = true;
        command.base = base != null ? base : command.base;
        command.data = data != null ? data : command.data;
        device.use();
        device.change(begun.made()).ifPresent(this::say);
        try (RunLock lock = RunLock.take(out)) {
            return command.train(command.plan(begun.train(), begun), lock);
        }
    }

    /// The command as it was given when the training was begun.
    private FinetuneCommand again(TuningConfig begun, Path config) {
        CommandLine commandLine = commandLine(console, quit)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .registerConverter(Path.class, Errors::path)
                .setExpandAtFiles(false);
        try {
            commandLine.parseArgs(begun.options().toArray(String[]::new));
        } catch (ParameterException wrong) {
            throw new CorruptCheckpointException(config + ": " + wrong.getMessage(), wrong);
        }
        FinetuneCommand command = commandLine.getCommand();
        if (command.base == null || command.data == null) {
            throw new CorruptCheckpointException(config + ": options name no --base or no --data");
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

    private static boolean isPath(OptionSpec option, String value) {
        return switch (option.longestName()) {
            case "--data" -> !value.equals(Corpus.WORDNET);
            case "--chat-template" -> new File(value).isFile();
            default -> option.typeInfo().getType() == Path.class;
        };
    }

    /// Not by [Path], since on some systems a glob is no path.
    private static String absolute(String value) {
        return new File(value).getAbsolutePath();
    }

    private int train(Finetuning.Plan plan, RunLock lock) {
        Then after = Then.of(then);
        Ended ended = trained(plan, lock, after);
        if (!ended.early) {
            after.run(base, out, this::say);
        }
        return ended.exitCode;
    }

    private record Ended(boolean early, int exitCode) {}

    private Ended trained(Finetuning.Plan plan, RunLock lock, Then after) {
        Finetuning tuning = tuning(plan);
        after.requireFits(tuning.base(), tuning.tuned());
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
                            ? "stopped early; what was learnt is in %s; %s goes on"
                                    .formatted(out, Finetuning.resumeCommand(out))
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

    private TrainConfig train() {
        try {
            Map<String, Object> given = settings.given();
            TrainConfig train = ConfigFields.with(Finetuning.DEFAULTS, given);
            if (!given.containsKey("lr") && adapter.isFull()) {
                train = train.withLr(1e-4);
            }
            if (!given.containsKey("lr") && adapter.isPrompt()) {
                train = train.withLr(1e-2);
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
        } catch (ConfigException wrong) {
            throw new UsageException(wrong.getMessage(), wrong);
        }
    }

    private Finetuning.Plan plan(TrainConfig train, TuningConfig config) {
        try {
            return new Finetuning.Plan(base, instructions.data(data, this::say), adapter.method(), train, out, config);
        } catch (ConfigException wrong) {
            throw new UsageException(wrong.getMessage(), wrong);
        }
    }

    private void say(String line) {
        console.err().println(line);
    }
}
