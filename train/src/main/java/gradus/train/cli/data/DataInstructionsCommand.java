package gradus.train.cli.data;

import gradus.train.cli.option.Version;
import gradus.train.cli.terminal.Console;
import gradus.train.corpus.WordNet;
import gradus.train.instruct.InstructionWriter;
import gradus.train.instruct.WordNetQuestions;
import java.nio.file.Path;
import picocli.CommandLine.Command;

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
final class DataInstructionsCommand extends WordNetDataCommand {
    DataInstructionsCommand(Console console) {
        super(console, "conversations", 20_000);
    }

    @Override
    void write(Path file, WordNet net, long seed, boolean heldOut, int rows) {
        InstructionWriter.write(file, new WordNetQuestions(net, seed, heldOut), rows, seed);
    }
}
