package gradus.train.cli;

import gradus.train.TrainConfig;
import gradus.train.cli.option.AdapterOptions;
import gradus.train.cli.option.InstructionOptions;
import gradus.train.cli.option.Overrides;
import gradus.train.cli.option.Version;
import gradus.train.cli.terminal.Console;
import gradus.train.corpus.Corpus;
import gradus.train.finetune.Finetuning;
import gradus.train.finetune.Then;
import gradus.train.run.TuningConfig;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;

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
final class FinetuneCommand extends TuningCommand {
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
    private static final Set<String> BESIDE_RESUME = Set.of("--base", "--data");

    @Option(
            names = "--data",
            paramLabel = "<file>",
            arity = "1..*",
            description = "UTF-8 text files or globs such as 'texts/**.txt', or conversations in JSON or JSONL")
    private List<String> data;

    @Option(
            names = "--resume",
            description =
                    "continue what was begun in --out, with its own settings; --base and --data tell new places, if they"
                            + " were moved")
    private boolean resume;

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

    private FinetuneCommand(Console console, IntConsumer quit) {
        super(console, quit);
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
    CommandLine fresh(Console console, IntConsumer quit) {
        return commandLine(console, quit);
    }

    @Override
    boolean resume() {
        return resume;
    }

    @Override
    void goOnLike(TuningCommand given) {
        resume = true;
        List<String> moved = ((FinetuneCommand) given).data;
        data = moved != null ? moved : data;
    }

    @Override
    Set<String> besideResume() {
        return BESIDE_RESUME;
    }

    @Override
    String missing() {
        return data == null ? "--data" : null;
    }

    @Override
    List<Path> read() {
        List<Path> read = new ArrayList<>(List.of(base));
        data.stream().map(File::new).filter(File::exists).map(File::toPath).forEach(read::add);
        return read;
    }

    @Override
    boolean isPath(OptionSpec option, String value) {
        return switch (option.longestName()) {
            case "--data" -> !value.equals(Corpus.WORDNET);
            case "--chat-template" -> new File(value).isFile();
            default -> super.isPath(option, value);
        };
    }

    @Override
    TrainConfig train() {
        return train(Finetuning.DEFAULTS, adapter.isFull() ? 1e-4 : adapter.isPrompt() ? 1e-2 : 1e-3);
    }

    @Override
    Finetuning.Plan plan(TrainConfig train, TuningConfig config) {
        Then.of(then); // before the training says whether it can be understood
        return new Finetuning.Plan(
                base, instructions.data(data, this::say), adapter.method(), train, out, config, "finetune");
    }

    @Override
    void requireFits(Finetuning tuning) {
        Then.of(then).requireFits(tuning.base(), tuning.tuned());
    }

    @Override
    void after() {
        Then.of(then).run(base, out, this::say);
    }
}
