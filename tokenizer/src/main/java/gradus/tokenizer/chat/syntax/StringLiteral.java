package gradus.tokenizer.chat.syntax;

import gradus.tokenizer.chat.python.Printing;
import gradus.tokenizer.chat.python.TemplateError;

/// What stands between the quotes of a string, with Python's escapes resolved.
final class StringLiteral {
    private StringLiteral() {}

    static String unescaped(String literal, int line) {
        if (literal.indexOf('\\') < 0) {
            return literal;
        }
        var text = new StringBuilder(literal.length());
        for (int i = 0; i < literal.length(); ) {
            char c = literal.charAt(i);
            if (c != '\\') {
                text.append(c);
                i++;
                continue;
            }
            char code = literal.charAt(i + 1); // the lexer has seen to it that there is one
            i += 2;
            switch (code) {
                case '\n' -> {}
                case '\\', '\'', '"' -> text.append(code);
                case 'n' -> text.append('\n');
                case 't' -> text.append('\t');
                case 'r' -> text.append('\r');
                case 'a' -> text.append((char) 7);
                case 'b' -> text.append('\b');
                case 'f' -> text.append('\f');
                case 'v' -> text.append((char) 11);
                case 'x' -> i = hex(literal, i, 2, text, line);
                case 'u' -> i = hex(literal, i, 4, text, line);
                case 'U' -> i = hex(literal, i, 8, text, line);
                case 'N' -> throw new TemplateError("characters by name (\\N) are not supported", line);
                default -> {
                    int end = i - 1;
                    while (end < literal.length()
                            && end < i + 2
                            && literal.charAt(end) >= '0'
                            && literal.charAt(end) <= '7') {
                        end++;
                    }
                    if (end > i - 1) {
                        text.append((char) Integer.parseInt(literal.substring(i - 1, end), 8));
                        i = end;
                    } else if (code < 0x80) {
                        text.append('\\').append(code);
                    } else { // Jinja escapes what is not ASCII before it looks for escapes
                        int other = literal.codePointAt(i - 1);
                        text.append(Printing.escape(other));
                        i += Character.charCount(other) - 1;
                    }
                }
            }
        }
        return text.toString();
    }

    private static int hex(String literal, int from, int digits, StringBuilder text, int line) {
        int end = from + digits;
        boolean complete = end <= literal.length()
                && literal.substring(from, end).chars().allMatch(c -> Character.digit(c, 16) >= 0 && c < 0x80);
        if (!complete) {
            throw new TemplateError("truncated escape in a string: it needs " + digits + " hexadecimal digits", line);
        }
        long c = Long.parseLong(literal.substring(from, end), 16);
        if (c > Character.MAX_CODE_POINT) {
            throw new TemplateError("illegal Unicode character in a string", line);
        }
        text.appendCodePoint((int) c);
        return end;
    }
}
