package gradus.train.cli.terminal;

import gradus.error.Printable;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/// A stream that shows control characters as their codes, so that no text out of a file can move a terminal's cursor,
/// change its colours or its title, or hide what was said before. Line ends, and tabs if wanted, stay what they are.
public final class PlainStream extends PrintStream {
    private final boolean tabs;

    /// @param tabs whether a tab goes through, as in text that is read rather than listed
    public PlainStream(OutputStream out, boolean tabs) {
        super(out, true, StandardCharsets.UTF_8);
        this.tabs = tabs;
    }

    /// All other ways to print text end here.
    @Override
    public void print(String text) {
        super.print(plain(String.valueOf(text)));
    }

    @Override
    public void print(char c) {
        print(String.valueOf(c));
    }

    @Override
    public void print(char[] text) {
        print(String.valueOf(text));
    }

    private String plain(String text) {
        StringBuilder plain = new StringBuilder(text.length());
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n' || tabs && c == '\t') {
                plain.append(Printable.escaped(text.substring(start, i))).append(c);
                start = i + 1;
            }
        }
        return plain.append(Printable.escaped(text.substring(start))).toString();
    }
}
