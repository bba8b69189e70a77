package gradus.train.cli;

import gradus.train.TrainConfig;
import gradus.train.cli.option.AdapterOptions;
import gradus.train.cli.option.InstructionOptions;
import gradus.train.cli.option.Version;
import gradus.train.cli.terminal.Console;
import gradus.train.corpus.Corpus;
import gradus.train.finetune.Finetuning;
import gradus.train.finetune.Then;
import gradus.train.run.TuningConfig;
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
            "--data holds UTF-8 texts, or conversations in JSON or JSONL; or it is the word",
            "wordnet, the built-in text.",
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
        return commandLine(
                new FinetuneCommand(console, quit),
                "%nThe training; unless given, lr is 1e-4 with --method full, minLr a tenth of lr, and warmup"
                        + " and evalEvery a twentieth and a quarter of the steps:%n");
    }

    @Override
    CommandLine fresh(Console console, IntConsumer quit) {
        return commandLine(console, quit);
    }

    @Override
    String missing() {
        return data == null ? "--data" : null;
    }

    @Override
    boolean isPath(OptionSpec option, String value) {
        return super.isPath(option, value) && !(option.longestName().equals("--data") && value.equals(Corpus.WORDNET));
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
