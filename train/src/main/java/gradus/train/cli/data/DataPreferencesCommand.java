package gradus.train.cli.data;

import gradus.train.cli.option.Version;
import gradus.train.cli.terminal.Console;
import gradus.train.corpus.WordNet;
import gradus.train.preference.WordNetPairs;
import java.nio.file.Path;
import picocli.CommandLine.Command;

/// `gradus data preferences`
@Command(
        name = "preferences",
        description =
                "Writes questions about the meaning of a word with two answers: WordNet's, which is chosen, and another"
                        + " word's meaning, which is rejected.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "One word of ten is kept apart; only --held-out asks about these.",
            "",
            "Example:",
            "  gradus data preferences --out pairs.jsonl --held-out kept.jsonl",
            "  gradus align --base tuned/model --data pairs.jsonl --out aligned"
        })
final class DataPreferencesCommand extends WordNetDataCommand {
    DataPreferencesCommand(Console console) {
        super(console, "pairs of answers", 5000);
    }

    @Override
    void write(Path file, WordNet net, long seed, boolean heldOut, int rows) {
        new WordNetPairs(net, seed, heldOut).write(file, rows);
    }
}
