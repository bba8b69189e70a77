package gradus.lessons.learn.book;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Goes through the text of a formula.
class TexReader {
    private static final Pattern ROOM = Pattern.compile("\\[-?[\\d.]+(?:pt|em|ex|mm|cm)]");

    /// The whole formula.
    final String tex;
    /// What is next.
    int at;

    TexReader(String tex) {
        this.tex = tex;
    }

    /// @return whether anything follows
    final boolean skipSpace() {
        while (at < tex.length() && Character.isWhitespace(tex.charAt(at))) {
            at++;
        }
        return at < tex.length();
    }

    /// Whether the command of that name, which begins with a backslash, is next.
    final boolean command(String name) {
        int end = at + name.length();
        return tex.startsWith(name, at) && (end == tex.length() || !Character.isLetter(tex.charAt(end)));
    }

    /// Reads the command that is next: its name without the backslash.
    final String name() {
        int from = ++at;
        while (at < tex.length() && tex.charAt(at) < 128 && Character.isLetter(tex.charAt(at))) {
            at++;
        }
        if (at == from && at < tex.length()) {
            at++; // a sign
        }
        return tex.substring(from, at);
    }

    /// Reads the end of a row, and the room to leave beneath it (`[4pt]`), of which MathML's tables have their own.
    final void rowEnd() {
        at += 2;
        Matcher room = ROOM.matcher(tex).region(at, tex.length());
        if (room.lookingAt()) {
            at = room.end();
        }
        skipSpace();
    }

    final void expect(String text) {
        if (!tex.startsWith(text, at)) {
            throw fault(text + " is missing before " + rest());
        }
        at += text.length();
    }

    /// Reads the text in braces as it stands.
    final String raw() {
        skipSpace();
        expect("{");
        int from = at;
        int depth = 1;
        while (at < tex.length() && depth > 0) {
            char c = tex.charAt(at);
            at += c == '\\' ? 2 : 1;
            depth += c == '{' ? 1 : c == '}' ? -1 : 0;
        }
        if (depth > 0) {
            throw fault("a { is not closed");
        }
        return tex.substring(from, at - 1);
    }

    final String rest() {
        return at >= tex.length() ? "the end" : "\"" + tex.substring(at, Math.min(tex.length(), at + 20)) + "\"";
    }

    final IllegalArgumentException fault(String what) {
        return new IllegalArgumentException("the formula $" + tex + "$: " + what);
    }
}
