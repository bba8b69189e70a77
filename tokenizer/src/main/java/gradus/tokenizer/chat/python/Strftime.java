package gradus.tokenizer.chat.python;

import java.time.ZonedDateTime;
import java.time.format.TextStyle;
import java.time.temporal.IsoFields;
import java.util.Locale;

/// C's `strftime` in the C locale, with glibc's flags `-`, `_`, `0` and `^`.
public final class Strftime {
    private static final Locale ENGLISH = Locale.ENGLISH;

    private Strftime() {}

    public static String format(String format, ZonedDateTime time) {
        var out = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c != '%' || i + 1 == format.length()) {
                out.append(c);
                continue;
            }
            char flag = format.charAt(i + 1);
            boolean flagged = "-_0^".indexOf(flag) >= 0 && i + 2 < format.length();
            i += flagged ? 2 : 1;
            out.append(field(format.charAt(i), flagged ? flag : 0, time));
        }
        return out.toString();
    }

    private static String field(char code, char flag, ZonedDateTime t) {
        int hour12 = t.getHour() % 12 == 0 ? 12 : t.getHour() % 12;
        int sunday = t.getDayOfWeek().getValue() % 7;
        return switch (code) {
            case 'Y' -> Integer.toString(t.getYear());
            case 'C' -> padded(t.getYear() / 100, 2, '0', flag);
            case 'y' -> padded(t.getYear() % 100, 2, '0', flag);
            case 'm' -> padded(t.getMonthValue(), 2, '0', flag);
            case 'd' -> padded(t.getDayOfMonth(), 2, '0', flag);
            case 'e' -> padded(t.getDayOfMonth(), 2, ' ', flag);
            case 'j' -> padded(t.getDayOfYear(), 3, '0', flag);
            case 'H' -> padded(t.getHour(), 2, '0', flag);
            case 'k' -> padded(t.getHour(), 2, ' ', flag);
            case 'I' -> padded(hour12, 2, '0', flag);
            case 'l' -> padded(hour12, 2, ' ', flag);
            case 'M' -> padded(t.getMinute(), 2, '0', flag);
            case 'S' -> padded(t.getSecond(), 2, '0', flag);
            case 'f' -> padded(t.getNano() / 1000, 6, '0', (char) 0);
            case 's' -> Long.toString(t.toEpochSecond());
            case 'p' -> t.getHour() < 12 ? "AM" : "PM";
            case 'P' -> t.getHour() < 12 ? "am" : "pm";
            case 'A' -> word(t.getDayOfWeek().getDisplayName(TextStyle.FULL, ENGLISH), flag);
            case 'a' -> word(t.getDayOfWeek().getDisplayName(TextStyle.SHORT, ENGLISH), flag);
            case 'B' -> word(t.getMonth().getDisplayName(TextStyle.FULL, ENGLISH), flag);
            case 'b', 'h' ->
                word(t.getMonth().getDisplayName(TextStyle.FULL, ENGLISH).substring(0, 3), flag);
            case 'u' -> Integer.toString(t.getDayOfWeek().getValue());
            case 'w' -> Integer.toString(sunday);
            case 'U' -> padded((t.getDayOfYear() + 6 - sunday) / 7, 2, '0', flag);
            case 'W' -> padded((t.getDayOfYear() + 6 - (sunday + 6) % 7) / 7, 2, '0', flag);
            case 'V' -> padded(t.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR), 2, '0', flag);
            case 'G' -> Integer.toString(t.get(IsoFields.WEEK_BASED_YEAR));
            case 'g' -> padded(t.get(IsoFields.WEEK_BASED_YEAR) % 100, 2, '0', flag);
            case 'D', 'x' -> format("%m/%d/%y", t);
            case 'F' -> format("%Y-%m-%d", t);
            case 'T', 'X' -> format("%H:%M:%S", t);
            case 'R' -> format("%H:%M", t);
            case 'r' -> format("%I:%M:%S %p", t);
            case 'c' -> format("%a %b %e %H:%M:%S %Y", t);
            case 'z', 'Z' -> ""; // the time that transformers formats has no zone
            case 'n' -> "\n";
            case 't' -> "\t";
            case '%' -> "%";
            default -> "%" + (flag == 0 ? "" : flag) + code;
        };
    }

    private static String word(String word, char flag) {
        return flag == '^' ? word.toUpperCase(ENGLISH) : word;
    }

    private static String padded(int number, int width, char fill, char flag) {
        String digits = Integer.toString(number);
        char with = flag == '_' ? ' ' : flag == '0' ? '0' : fill;
        return flag == '-' ? digits : Character.toString(with).repeat(Math.max(0, width - digits.length())) + digits;
    }
}
