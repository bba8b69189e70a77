package gradus.train.cli.tokenizer;

import gradus.error.UsageException;
import gradus.tokenizer.Piece;
import gradus.tokenizer.Tokenizer;
import gradus.train.cli.option.Version;
import gradus.train.cli.terminal.Console;
import gradus.train.run.Line;
import gradus.train.run.text.TextSource;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `gradus tokenizer inspect`
@Command(
        name = "inspect",
        description = "Shows the pieces that a text is cut into, each with its id and its bytes.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
final class TokenizerInspectCommand implements Callable<Integer> {
    private static final HexFormat HEX = HexFormat.ofDelimiter(" ").withUpperCase();
    private static final int MOST_BYTES = 16; // shown of a piece
    private static final int[] COLORS = {153, 157, 229, 217, 183}; // of the 256 that terminals know: pale ones
    private static final String PLAIN = "\u001b[0m";

    /// Whether pieces are told apart by colour.
    enum Color {
        AUTO,
        ALWAYS,
        NEVER
    }

    @Mixin
    private TokenizerOption tokenizer;

    @Parameters(arity = "0..1", paramLabel = "<text>", description = "what to look at; default: standard input")
    private String text;

    @Option(names = "--file", paramLabel = "<file>", description = "look at this UTF-8 text file")
    private String file;

    @Option(
            names = "--color",
            paramLabel = "<when>",
            description = "auto (the default: on a terminal), always, or never, which puts bars between the pieces")
    private Color color = Color.AUTO;

    private final Console console;

    TokenizerInspectCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        if (text != null && file != null) {
            throw new UsageException("either a text or --file, not both");
        }
        Tokenizer tokenizer = this.tokenizer.load();
        String whole = read();
        List<Piece> pieces = tokenizer.inspect(whole);
        boolean colored = color == Color.AUTO ? console.colors() : color == Color.ALWAYS;
        PrintStream out = console.out();
        console.raw().print((colored ? colored(pieces) : barred(pieces)) + "\n\n");
        out.print(Line.format("%8s  %-20s %s%n", "id", "token", "bytes"));
        for (Piece piece : pieces) {
            if (out.checkError()) { // a reader that went away ends the work without a word
                return 0;
            }
            out.print(Line.format("%8d  %-20s %s\n", piece.id(), visible(piece.token()), hex(piece.bytes())));
        }
        int bytes = whole.getBytes(StandardCharsets.UTF_8).length;
        out.print(Line.format(
                "\n%,d tokens, %,d characters, %,d bytes: %.2f bytes per token\n",
                pieces.size(), whole.codePointCount(0, whole.length()), bytes, bytes / (double) pieces.size()));
        return 0;
    }

    private String read() {
        if (text != null) {
            return text;
        }
        try (TextSource source = file != null ? TextSource.of(file, "--file") : TextSource.stdin()) {
            return source.whole();
        }
    }

    /// Each piece on a ground of another colour than its neighbours'. A line's end keeps the colour from running
    /// on.
    private static String colored(List<Piece> pieces) {
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < pieces.size(); i++) {
            String ground = "\u001b[30;48;5;" + COLORS[i % COLORS.length] + "m";
            String piece = visible(pieces.get(i).text()).replace("⏎", "⏎" + PLAIN + "\n" + ground);
            shown.append(ground).append(piece).append(PLAIN);
        }
        return shown.toString();
    }

    private static String barred(List<Piece> pieces) {
        return String.join(
                        "|", pieces.stream().map(piece -> visible(piece.text())).toList())
                .replace("⏎", "⏎\n");
    }

    /// Control characters by their pictures, so that each piece stays in its place.
    private static String visible(String text) {
        StringBuilder shown = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (c == '\n') {
                shown.append('⏎');
            } else if (c < ' ') {
                shown.appendCodePoint(0x2400 + c); // the block Control Pictures
            } else if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT) {
                shown.append("<U+%04X>".formatted(c));
            } else {
                shown.appendCodePoint(c);
            }
        });
        return shown.toString();
    }

    private static String hex(byte[] bytes) {
        return bytes.length <= MOST_BYTES
                ? HEX.formatHex(bytes)
                : HEX.formatHex(bytes, 0, MOST_BYTES) + " … (" + bytes.length + " bytes)";
    }
}
