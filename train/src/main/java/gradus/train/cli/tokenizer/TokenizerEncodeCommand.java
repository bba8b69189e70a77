package gradus.train.cli.tokenizer;

import gradus.error.UsageException;
import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.corpus.ParallelEncoder;
import gradus.tokenizer.corpus.TokenFileWriter;
import gradus.train.cli.option.ThreadsOption;
import gradus.train.cli.option.Version;
import gradus.train.cli.progress.TokenizerProgress;
import gradus.train.cli.terminal.Console;
import gradus.train.corpus.TextBlocks;
import gradus.train.run.Line;
import gradus.train.run.text.TextSource;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `gradus tokenizer encode`
@Command(
        name = "encode",
        description = "Converts text to token ids. The text is the argument, files or standard input.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
final class TokenizerEncodeCommand implements Callable<Integer> {
    @Mixin
    private TokenizerOption tokenizer;

    @Parameters(arity = "0..1", paramLabel = "<text>", description = "what to encode")
    private String text;

    @Option(
            names = "--file",
            paramLabel = "<file>",
            description = "encode these UTF-8 text files or globs, one behind the other, or wordnet; may be given"
                    + " several times")
    private List<String> files;

    @Option(
            names = "--out",
            paramLabel = "<file>",
            description = "write a token file, 2 or 4 bytes an id, instead of numbers to standard output")
    private Path out;

    @Option(
            names = "--special",
            description =
                    "encode the text of a special token, such as <|endoftext|>, as that token, and not as ordinary"
                            + " text")
    private boolean special;

    @Mixin
    private ThreadsOption threads;

    private final Console console;

    TokenizerEncodeCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        if (text != null && files != null) {
            throw new UsageException("either a text or --file, not both");
        }
        threads.require();
        if (out != null && Files.isDirectory(out)) {
            throw new UsageException(out + " is a folder; --out takes a file");
        }
        Tokenizer tokenizer = this.tokenizer.load();
        if (out == null) {
            encodeToNumbers(tokenizer);
        } else {
            encodeToFile(tokenizer);
        }
        return 0;
    }

    private void encodeToFile(Tokenizer tokenizer) {
        String name = name(); // looks for the files before another is made
        try (TokenFileWriter writer = new TokenFileWriter(out, tokenizer)) {
            long[] tokens = {0};
            long bytes = encode(tokenizer, ids -> {
                writer.accept(ids);
                tokens[0] += ids.length;
            });
            writer.finish();
            console.err()
                    .println(Line.format(
                            "%s: %,d tokens of %,d bytes, %.2f bytes each, in %s",
                            name, tokens[0], bytes, bytes / (double) tokens[0], out));
        }
    }

    /// A reader that went away, as in `gradus tokenizer encode … | head`, ends the work without a word.
    private void encodeToNumbers(Tokenizer tokenizer) {
        PrintStream numbers = console.out();
        boolean[] first = {true};
        try {
            encode(tokenizer, ids -> {
                StringBuilder line = new StringBuilder();
                for (int id : ids) {
                    line.append(first[0] ? "" : " ").append(id);
                    first[0] = false;
                }
                numbers.print(line);
                if (numbers.checkError()) {
                    throw new ReaderGone();
                }
            });
            numbers.print("\n");
        } catch (ReaderGone quietly) {
            // There is nobody to write for.
        }
    }

    private static final class ReaderGone extends RuntimeException {}

    private String name() {
        return files != null ? TextFiles.of(files, "--file").name() : text != null ? "the text" : "standard input";
    }

    /// Encodes all that is asked for; returns how many bytes of text there were.
    private long encode(Tokenizer tokenizer, ParallelEncoder.Sink sink) {
        if (files == null) {
            try (TextSource source = text != null ? TextSource.of(text) : TextSource.stdin()) {
                return encode(tokenizer, source, sink);
            }
        }
        long[] bytes = {0};
        TextFiles.of(files, "--file").forEach(source -> bytes[0] += encode(tokenizer, source, sink));
        return bytes[0];
    }

    /// Hands over the ids as they come; returns how many bytes of text there were.
    private long encode(Tokenizer tokenizer, TextSource source, ParallelEncoder.Sink sink) {
        TextBlocks blocks = source.blocks(tokenizer::safeCut);
        try (TokenizerProgress progress = new TokenizerProgress(console, source.bytes())) {
            if (special) {
                Set<String> allowed = tokenizer.specialTokens();
                blocks.forEach(block -> sink.accept(tokenizer.encode(block, allowed)));
            } else {
                new ParallelEncoder(tokenizer)
                        .withThreads(threads.count())
                        .withProgress(progress)
                        .encode(blocks, sink);
            }
        }
        return blocks.bytes();
    }
}
