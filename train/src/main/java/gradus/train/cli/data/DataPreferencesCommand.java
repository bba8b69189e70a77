package gradus.train.cli.data;

import gradus.error.UsageException;
import gradus.train.cli.option.Version;
import gradus.train.cli.terminal.Console;
import gradus.train.corpus.WordNet;
import gradus.train.preference.WordNetPairs;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

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
final class DataPreferencesCommand implements Callable<Integer> {
    @Option(names = "--out", required = true, paramLabel = "<file>", description = "pairs to learn from, JSONL")
    private Path out;

    @Option(names = "--held-out", paramLabel = "<file>", description = "pairs about words that are kept apart")
    private Path heldOut;

    @Option(names = "--count", paramLabel = "<n>", description = "how many pairs; default 5000")
    private int count = 5000;

    @Option(
            names = "--held-out-count",
            paramLabel = "<n>",
            description = "how many pairs about words that are kept apart; default 500")
    private int heldOutCount = 500;

    @Option(names = "--seed", paramLabel = "<n>", description = "of all random numbers; default 1")
    private long seed = 1;

    @Option(names = "--overwrite", description = "replace files that are there")
    private boolean overwrite;

    private final Console console;

    DataPreferencesCommand(Console console) {
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
        write(out, new WordNetPairs(net, seed, false), count);
        if (heldOut != null) {
            write(heldOut, new WordNetPairs(net, seed, true), heldOutCount);
        }
        return 0;
    }

    private void write(Path file, WordNetPairs pairs, int rows) {
        pairs.write(file, rows);
        console.err().println(String.format(Locale.ROOT, "%,d pairs of answers: %s", rows, file));
    }
}
