package gradus.tokenizer.chat.syntax;

import gradus.tokenizer.chat.python.Characters;
import gradus.tokenizer.chat.python.TemplateError;
import gradus.tokenizer.chat.syntax.Token.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/// Cuts a template into tokens, with white space around the tags as transformers sets it: `trim_blocks` (a
/// line end right behind a block is dropped) and `lstrip_blocks` (so is white space between a line's
/// beginning and a block), and by hand `-` (all white space on this side) and `+` (none).
final class Lexer {
    private static final Set<String> PAIRS = Set.of("//", "**", "==", "!=", ">=", "<=");
    private static final String SINGLES = "+-/*%~[](){}>=<.:|,;";

    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private int at;
    private int line = 1;
    private int counted; // up to here the line ends are counted
    private boolean lineStarting = true;

    private Lexer(String source) {
        this.source = source;
    }

    static List<Token> tokens(String template) {
        String source = template.replace("\r\n", "\n").replace('\r', '\n');
        var lexer = new Lexer(source.endsWith("\n") ? source.substring(0, source.length() - 1) : source);
        lexer.run();
        return lexer.tokens;
    }

    private void run() {
        while (at < source.length()) {
            int open = nextTag();
            if (open < 0) {
                add(Kind.DATA, source.substring(at), at);
                at = source.length();
                break;
            }
            char type = source.charAt(open + 1);
            int inside = open + 2;
            char sign = signAt(inside);
            inside += sign == 0 ? 0 : 1;
            int raw = type == '%' ? wordBlock("raw", inside) : -1;
            data(at, open, sign, type != '{');
            if (raw >= 0) {
                at = raw;
                lineStarting = source.charAt(raw - 1) == '\n';
                raw(open);
            } else if (type == '#') {
                comment(open, inside);
            } else {
                add(type == '%' ? Kind.BLOCK_BEGIN : Kind.PRINT_BEGIN, "", open);
                at = inside;
                code(type == '%' ? "%}" : "}}", open);
            }
        }
        add(Kind.END, "", source.length());
    }

    private int nextTag() {
        for (int i = source.indexOf('{', at); i >= 0 && i + 1 < source.length(); i = source.indexOf('{', i + 1)) {
            if ("{%#".indexOf(source.charAt(i + 1)) >= 0) {
                return i;
            }
        }
        return -1;
    }

    private char signAt(int i) {
        return i < source.length() && (source.charAt(i) == '-' || source.charAt(i) == '+') ? source.charAt(i) : 0;
    }

    private void data(int start, int end, char sign, boolean block) {
        String text = source.substring(start, end);
        if (sign == '-') {
            text = Characters.stripRight(text, Characters::isSpace);
        } else if (sign == 0 && block) {
            int lineStart = text.lastIndexOf('\n') + 1;
            boolean blank =
                    text.codePoints().skip(text.codePointCount(0, lineStart)).allMatch(Characters::isSpace);
            text = blank && (lineStart > 0 || lineStarting) ? text.substring(0, lineStart) : text;
        }
        if (!text.isEmpty()) {
            add(Kind.DATA, text, start);
        }
    }

    /// The end of ` word %}` from here, with white space behind it where it ends in `-%}`; -1 where that is
    /// not there.
    private int wordBlock(String word, int from) {
        int i = skipSpace(from);
        if (!source.startsWith(word, i)) {
            return -1;
        }
        i = skipSpace(i + word.length());
        if (source.startsWith("-%}", i)) {
            return skipSpace(i + "-%}".length());
        }
        return source.startsWith("%}", i) ? i + "%}".length() : -1;
    }

    private int skipSpace(int from) {
        int i = from;
        while (i < source.length() && Characters.isSpace(source.charAt(i))) {
            i++;
        }
        return i;
    }

    private void raw(int open) {
        for (int i = source.indexOf("{%", at); i >= 0; i = source.indexOf("{%", i + 1)) {
            char sign = signAt(i + 2);
            int word = skipSpace(i + 2 + (sign == 0 ? 0 : 1));
            if (source.startsWith("endraw", word)) {
                int end = tagEnd(skipSpace(word + "endraw".length()), "%}");
                if (end >= 0) {
                    data(at, i, sign, true);
                    moveTo(end);
                    return;
                }
            }
        }
        throw error("Missing end of raw directive", open);
    }

    private void comment(int open, int inside) {
        int close = source.indexOf("#}", inside);
        if (inside == source.length()) {
            at = inside; // Jinja sees no comment where nothing follows
            return;
        }
        if (close < 0) {
            throw error("Missing end of comment tag", open);
        }
        moveTo(tagEnd(close > inside && signAt(close - 1) != 0 ? close - 1 : close, "#}"));
    }

    /// Behind the end of a block or comment that closes here, and behind the white space that goes with it;
    /// -1 where none closes here.
    private int tagEnd(int from, String close) {
        char sign = signAt(from);
        int i = from + (sign == 0 ? 0 : 1);
        if (!source.startsWith(close, i)) {
            return -1;
        }
        i += close.length();
        return switch (sign) {
            case '-' -> skipSpace(i);
            case '+' -> i;
            default -> source.startsWith("\n", i) ? i + 1 : i;
        };
    }

    private int printEnd(int from) {
        boolean minus = source.startsWith("-}}", from);
        if (!minus && !source.startsWith("}}", from)) {
            return -1;
        }
        return minus ? skipSpace(from + "-}}".length()) : from + "}}".length();
    }

    private void moveTo(int end) {
        lineStarting = source.charAt(end - 1) == '\n';
        at = end;
    }

    private void code(String close, int open) {
        Deque<String> brackets = new ArrayDeque<>();
        while (at < source.length()) {
            int end = !brackets.isEmpty() ? -1 : close.equals("%}") ? tagEnd(at, close) : printEnd(at);
            if (end >= 0) {
                add(close.equals("%}") ? Kind.BLOCK_END : Kind.PRINT_END, "", at);
                moveTo(end);
                return;
            }
            char c = source.charAt(at);
            if (Characters.isSpace(c)) {
                at++;
            } else if (c >= '0' && c <= '9') {
                number();
            } else if (isWord(source.codePointAt(at))) {
                name();
            } else if (c == '\'' || c == '"') {
                string(c);
            } else {
                operator(brackets);
            }
        }
        throw error("'" + source.substring(open, Math.min(open + 2, source.length())) + "' is not closed", open);
    }

    private static boolean isWord(int c) {
        return c == '_' || Character.isUnicodeIdentifierPart(c) && !Character.isIdentifierIgnorable(c);
    }

    private void name() {
        int start = at;
        while (at < source.length() && isWord(source.codePointAt(at))) {
            at += Character.charCount(source.codePointAt(at));
        }
        if (source.charAt(start) != '_' && !Character.isUnicodeIdentifierStart(source.codePointAt(start))) {
            throw error("Invalid character in identifier", start);
        }
        add(Kind.NAME, source.substring(start, at), start);
    }

    private void number() {
        int start = at;
        char marker = at + 1 < source.length() ? Character.toLowerCase(source.charAt(at + 1)) : 0;
        if (source.charAt(at) == '0' && "xob".indexOf(marker) >= 0 && marker != 0) {
            at += 2;
            digits("0123456789abcdefABCDEF_");
            add(Kind.INTEGER, source.substring(start, at), start);
            return;
        }
        digits("0123456789_");
        boolean real = false;
        boolean behindDot = start > 0 && source.charAt(start - 1) == '.';
        if (!behindDot && at + 1 < source.length() && source.charAt(at) == '.' && isDigit(at + 1)) {
            at++;
            digits("0123456789_");
            real = true;
        }
        if (!behindDot && at < source.length() && (source.charAt(at) | 0x20) == 'e') {
            int exponent = at + 1 + (signAt(at + 1) == 0 ? 0 : 1);
            if (isDigit(exponent)) {
                at = exponent;
                digits("0123456789_");
                real = true;
            }
        }
        add(real ? Kind.FLOAT : Kind.INTEGER, source.substring(start, at), start);
    }

    private boolean isDigit(int i) {
        return i < source.length() && source.charAt(i) >= '0' && source.charAt(i) <= '9';
    }

    private void digits(String allowed) {
        while (at < source.length() && allowed.indexOf(source.charAt(at)) >= 0) {
            at++;
        }
    }

    private void string(char quote) {
        int start = at;
        int end = at + 1;
        while (end < source.length() && source.charAt(end) != quote) {
            end += source.charAt(end) == '\\' ? 2 : 1;
        }
        if (end >= source.length()) {
            throw error("a string is not closed", start);
        }
        add(Kind.STRING, StringLiteral.unescaped(source.substring(at + 1, end), lineAt(start)), start);
        at = end + 1;
    }

    private void operator(Deque<String> brackets) {
        String pair = source.substring(at, Math.min(at + 2, source.length()));
        String sign = PAIRS.contains(pair) ? pair : pair.substring(0, 1);
        if (sign.length() == 1 && SINGLES.indexOf(sign.charAt(0)) < 0) {
            throw error("unexpected character '" + Character.toString(source.codePointAt(at)) + "'", at);
        }
        switch (sign) {
            case "{" -> brackets.push("}");
            case "(" -> brackets.push(")");
            case "[" -> brackets.push("]");
            case "}", ")", "]" -> {
                if (brackets.isEmpty()) {
                    throw error("unexpected '" + sign + "'", at);
                }
                String expected = brackets.pop();
                if (!expected.equals(sign)) {
                    throw error("unexpected '" + sign + "', expected '" + expected + "'", at);
                }
            }
            default -> {}
        }
        add(Kind.OPERATOR, sign, at);
        at += sign.length();
    }

    private void add(Kind kind, String text, int position) {
        tokens.add(new Token(kind, text, lineAt(position)));
    }

    private int lineAt(int position) {
        for (; counted < position; counted++) {
            line += source.charAt(counted) == '\n' ? 1 : 0;
        }
        return line;
    }

    private TemplateError error(String message, int position) {
        return new TemplateError(message, position < counted ? line : lineAt(position));
    }
}
