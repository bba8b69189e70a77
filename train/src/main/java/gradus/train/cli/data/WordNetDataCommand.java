package gradus.train.cli.data;

import gradus.error.UsageException;
import gradus.train.cli.terminal.Console;
import gradus.train.corpus.WordNet;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Option;

/// What commands have in common that write questions about WordNet's words: a file to learn from, and one about
/// words that are kept apart.
abstract class WordNetDataCommand implements Callable<Integer> {
    private static final int HELD_OUT = 500;

    @Option(names = "--out", required = true, paramLabel = "<file>", description = "what is learned from, JSONL")
    private Path out;

    @Option(names = "--held-out", paramLabel = "<file>", description = "the same about words that are kept apart")
    private Path heldOut;

    @Option(names = "--count", paramLabel = "<n>", description = "how many to learn from; default ${DEFAULT-VALUE}")
    private int count;

    @Option(
            names = "--held-out-count",
            paramLabel = "<n>",
            description = "how many about words that are kept apart; default " + HELD_OUT)
    private Integer heldOutCount;

    @Option(names = "--seed", paramLabel = "<n>", description = "of all random numbers; default ${DEFAULT-VALUE}")
    private long seed = 1;

    @Option(names = "--overwrite", description = "replace files that are there")
    private boolean overwrite;

    private final Console console;
    private final String what;

    /// @param what  is written, in the plural
    /// @param count how many, unless somebody says another number
    WordNetDataCommand(Console console, String what, int count) {
        this.console = console;
        this.what = what;
        this.count = count;
    }

    /// Writes rows 0 to rows - 1.
    ///
    /// @param heldOut whether they are about the words that are kept apart
    abstract void write(Path file, WordNet net, long seed, boolean heldOut, int rows);

    @Override
    public final Integer call() {
        int apart = heldOutCount == null ? HELD_OUT : heldOutCount;
        if (count < 1 || apart < 1) {
            throw new UsageException(
                    "--count and --held-out-count must be at least 1; got %s and %s".formatted(count, apart));
        }
        if (heldOut == null && heldOutCount != null) {
            throw new UsageException("--held-out-count is of the file that --held-out names; give that too");
        }
        if (heldOut != null && place(out).equals(place(heldOut))) {
            throw new UsageException("--out and --held-out must be two files; got " + out + " twice");
        }
        OutputFile.requireFree(out, overwrite);
        if (heldOut != null) {
            OutputFile.requireFree(heldOut, overwrite);
        }
        WordNet net = WordNet.read();
        write(out, net, seed, false, count);
        tell(count, out);
        if (heldOut != null) {
            write(heldOut, net, seed, true, apart);
            tell(apart, heldOut);
        }
        return 0;
    }

    private static Path place(Path file) {
        return file.toAbsolutePath().normalize();
    }

    private void tell(int rows, Path file) {
        console.err().println(String.format(Locale.ROOT, "%,d %s: %s", rows, what, file));
    }
}
