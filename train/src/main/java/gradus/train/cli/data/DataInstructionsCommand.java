package gradus.train.cli.data;

import gradus.error.UsageException;
import gradus.train.cli.option.Version;
import gradus.train.cli.terminal.Console;
import gradus.train.corpus.WordNet;
import gradus.train.instruct.InstructionWriter;
import gradus.train.instruct.WordNetQuestions;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `gradus data instructions`
@Command(
        name = "instructions",
        description =
                "Writes questions about words with the answers that WordNet knows: what a word means, what it is a"
                        + " kind of, whether it is a kind of another thing, a sentence with it, a synonym.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "One word of ten is kept apart; only --held-out asks about these.",
            "",
            "Example:",
            "  gradus data instructions --out chat.jsonl --held-out asked.jsonl",
            "  gradus finetune --base runs/mine --data chat.jsonl --chat-template chatml --method full --out tuned"
        })
final class DataInstructionsCommand implements Callable<Integer> {
    @Option(names = "--out", required = true, paramLabel = "<file>", description = "conversations to learn from, JSONL")
    private Path out;

    @Option(names = "--held-out", paramLabel = "<file>", description = "questions about words that are kept apart")
    private Path heldOut;

    @Option(names = "--count", paramLabel = "<n>", description = "how many conversations; default 20000")
    private int count = 20_000;

    @Option(
            names = "--held-out-count",
            paramLabel = "<n>",
            description = "how many questions about words that are kept apart; default 500")
    private int heldOutCount = 500;

    @Option(names = "--seed", paramLabel = "<n>", description = "of all random numbers; default 1")
    private long seed = 1;

    @Option(names = "--overwrite", description = "replace files that are there")
    private boolean overwrite;

    private final Console console;

    DataInstructionsCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        if (count < 1 || heldOutCount < 1) {
            throw new UsageException(
                    "--count and --held-out-count must be at least 1; got %s and %s".formatted(count, heldOutCount));
        }
        if (out.equals(heldOut)) {
            throw new UsageException("--out and --held-out must be two files; got " + out + " twice");
        }
        OutputFile.requireFree(out, overwrite);
        if (heldOut != null) {
            OutputFile.requireFree(heldOut, overwrite);
        }
        WordNet net = WordNet.read();
        write(out, new WordNetQuestions(net, seed, false), count);
        if (heldOut != null) {
            write(heldOut, new WordNetQuestions(net, seed, true), heldOutCount);
        }
        return 0;
    }

    private void write(Path file, WordNetQuestions questions, int rows) {
        InstructionWriter.write(file, questions, rows, seed);
        console.err().println(String.format(Locale.ROOT, "%,d conversations: %s", rows, file));
    }
}
