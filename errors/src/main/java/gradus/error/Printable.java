package gradus.error;

/// Text that is safe to show on a terminal and in a log, whatever file it came from.
///
/// A name or value out of a foreign file may hold line breaks, escape sequences that move the cursor or recolour the
/// screen, marks that turn the reading direction, or half a surrogate pair. Each of them is shown as its code, so
/// that a message stays one line that says what is there.
public final class Printable {
    /// The longest message; what is longer is cut in the middle.
    public static final int MESSAGE_LENGTH = 500;

    /// The longest value that is quoted within a message.
    public static final int VALUE_LENGTH = 80;

    private Printable() {}

    /// A message as users get it: escaped, one line, at most [#MESSAGE_LENGTH] characters. `null` stays null.
    public static String message(String text) {
        return text == null ? null : cut(escaped(bounded(text, 4 * MESSAGE_LENGTH)), MESSAGE_LENGTH);
    }

    /// A foreign value within a message: escaped, and cut in the middle at [#VALUE_LENGTH] characters.
    public static String value(Object value) {
        return cut(escaped(bounded(String.valueOf(value), 4 * VALUE_LENGTH)), VALUE_LENGTH);
    }

    /// The text with every character that is not plainly printable shown as its escape.
    public static String escaped(String text) {
        StringBuilder escaped = null;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            int width = Character.charCount(c);
            if (!isPlain(c)) {
                if (escaped == null) {
                    escaped = new StringBuilder(text.length() + 16).append(text, 0, i);
                }
                escape(c, escaped);
            } else if (escaped != null) {
                escaped.appendCodePoint(c);
            }
            i += width;
        }
        return escaped == null ? text : escaped.toString();
    }

    /// Whether a code point may be sent to a terminal as it is: neither a control (C0, DEL, C1), nor a line or
    /// paragraph separator, nor half a surrogate pair, nor a mark that turns the reading direction.
    static boolean isPlain(int c) {
        if (c < 0x20 || c >= 0x7F && c < 0xA0) {
            return false;
        }
        boolean turnsDirection = c >= 0x202A && c <= 0x202E || c >= 0x2066 && c <= 0x2069 || c == 0x200E || c == 0x200F;
        boolean separates = c == 0x2028 || c == 0x2029;
        boolean halfAPair = c >= 0xD800 && c <= 0xDFFF;
        return !turnsDirection && !separates && !halfAPair;
    }

    private static void escape(int c, StringBuilder to) {
        switch (c) {
            case '\n' -> to.append("\\n");
            case '\r' -> to.append("\\r");
            case '\t' -> to.append("\\t");
            default -> {
                String digits = Integer.toHexString(c);
                to.append("\\u").repeat('0', 4 - digits.length()).append(digits);
            }
        }
    }

    /// At most `length` characters: two thirds from the beginning, where file and place stand, the rest from the end.
    private static String cut(String text, int length) {
        if (text.length() <= length) {
            return text;
        }
        int head = (length - 1) * 2 / 3;
        int tail = length - 1 - head;
        int end = Character.isHighSurrogate(text.charAt(head - 1)) ? head - 1 : head;
        int from = text.length() - tail;
        int start = Character.isLowSurrogate(text.charAt(from)) ? from + 1 : from;
        return text.substring(0, end) + "…" + text.substring(start);
    }

    /// Keeps the work small where somebody quotes megabytes: only the two ends can be shown anyway.
    private static String bounded(String text, int length) {
        return text.length() <= 2 * length
                ? text
                : text.substring(0, length) + "…" + text.substring(text.length() - length);
    }
}
