package gradus.tokenizer.chat.jinja;

import java.time.ZonedDateTime;
import java.time.format.TextStyle;
import java.time.temporal.IsoFields;
import java.util.Locale;

/// C's `strftime` in the C locale, with glibc's flags `-`, `_`, `0`, `^` and `#` and its widths.
final class Strftime {
    private static final Locale ENGLISH = Locale.ENGLISH;
    private static final String FLAGS = "-_0^#";
    private static final int WIDEST = 1000;

    private final ZonedDateTime time;
    private final char fill; // one of `-`, `_` and `0`, or 0
    private final boolean upper;
    private final boolean other; // `#`: the other case
    private final int width;

    private Strftime(ZonedDateTime time, String flags, int width) {
        this.time = time;
        this.width = width;
        this.upper = flags.contains("^");
        this.other = flags.contains("#");
        String fills = flags.replace("^", "").replace("#", "");
        this.fill = fills.isEmpty() ? 0 : fills.charAt(fills.length() - 1);
    }

    static String format(String format, ZonedDateTime time) {
        var out = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c != '%') {
                out.append(c);
                continue;
            }
            int start = i++;
            while (i < format.length() && FLAGS.indexOf(format.charAt(i)) >= 0) {
                i++;
            }
            int flagsEnd = i;
            int width = 0;
            while (i < format.length() && format.charAt(i) >= '0' && format.charAt(i) <= '9') {
                width = Math.min(WIDEST, width * 10 + format.charAt(i++) - '0');
            }
            String whole = format.substring(start, Math.min(format.length(), i + 1));
            var field = new Strftime(time, format.substring(start + 1, flagsEnd), width);
            out.append(i == format.length() ? field.text(whole) : field.field(format.charAt(i), whole));
        }
        return out.toString();
    }

    private String field(char code, String whole) {
        int hour12 = time.getHour() % 12 == 0 ? 12 : time.getHour() % 12;
        int sunday = time.getDayOfWeek().getValue() % 7;
        return switch (code) {
            case 'Y' -> number(time.getYear(), 1, '0');
            case 'C' -> number(time.getYear() / 100, 2, '0');
            case 'y' -> number(time.getYear() % 100, 2, '0');
            case 'm' -> number(time.getMonthValue(), 2, '0');
            case 'd' -> number(time.getDayOfMonth(), 2, '0');
            case 'e' -> number(time.getDayOfMonth(), 2, ' ');
            case 'j' -> number(time.getDayOfYear(), 3, '0');
            case 'H' -> number(time.getHour(), 2, '0');
            case 'k' -> number(time.getHour(), 2, ' ');
            case 'I' -> number(hour12, 2, '0');
            case 'l' -> number(hour12, 2, ' ');
            case 'M' -> number(time.getMinute(), 2, '0');
            case 'S' -> number(time.getSecond(), 2, '0');
            case 'f' -> whole.equals("%f") ? number(time.getNano() / 1000, 6, '0') : text(whole); // Python's own
            case 's' -> number(time.toEpochSecond(), 1, '0');
            case 'p' -> text(other ? half().toLowerCase(ENGLISH) : half());
            case 'P' -> text(half().toLowerCase(ENGLISH));
            case 'A' -> word(time.getDayOfWeek().getDisplayName(TextStyle.FULL, ENGLISH));
            case 'a' -> word(time.getDayOfWeek().getDisplayName(TextStyle.SHORT, ENGLISH));
            case 'B' -> word(time.getMonth().getDisplayName(TextStyle.FULL, ENGLISH));
            case 'b', 'h' ->
                word(time.getMonth().getDisplayName(TextStyle.FULL, ENGLISH).substring(0, 3));
            case 'u' -> number(time.getDayOfWeek().getValue(), 1, '0');
            case 'w' -> number(sunday, 1, '0');
            case 'U' -> number((time.getDayOfYear() + 6 - sunday) / 7, 2, '0');
            case 'W' -> number((time.getDayOfYear() + 6 - (sunday + 6) % 7) / 7, 2, '0');
            case 'V' -> number(time.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR), 2, '0');
            case 'G' -> number(time.get(IsoFields.WEEK_BASED_YEAR), 1, '0');
            case 'g' -> number(time.get(IsoFields.WEEK_BASED_YEAR) % 100, 2, '0');
            case 'D', 'x' -> parts("%m/%d/%y");
            case 'F' -> parts("%Y-%m-%d");
            case 'T', 'X' -> parts("%H:%M:%S");
            case 'R' -> parts("%H:%M");
            case 'r' -> parts("%I:%M:%S %p");
            case 'c' -> parts("%a %b %e %H:%M:%S %Y");
            case 'z', 'Z' -> ""; // the time that transformers formats has no zone
            case 'n' -> text("\n");
            case 't' -> text("\t");
            case '%' -> text("%");
            default -> text(whole);
        };
    }

    private String half() {
        return time.getHour() < 12 ? "AM" : "PM";
    }

    private String parts(String format) {
        String text = format(format, time);
        return text(upper ? text.toUpperCase(ENGLISH) : text);
    }

    private String word(String word) {
        return text(upper || other ? word.toUpperCase(ENGLISH) : word);
    }

    private String text(String text) {
        return padded(text, fill == '0' ? '0' : ' ', width);
    }

    private String number(long number, int usualWidth, char usualFill) {
        char with = fill == '_' || fill == '-' ? ' ' : fill == '0' ? '0' : usualFill;
        return padded(Long.toString(number), with, fill == '-' ? width : Math.max(width, usualWidth));
    }

    private static String padded(String text, char with, int width) {
        return Character.toString(with).repeat(Math.max(0, width - text.length())) + text;
    }
}
