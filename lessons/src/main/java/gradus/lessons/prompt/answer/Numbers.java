package gradus.lessons.prompt.answer;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Numbers in a text.
final class Numbers {
    /// `1,234.50` or `.5`; not the 2 of `x2`.
    private static final Pattern NUMBER = Pattern.compile(
            "(?<![\\p{L}\\p{N}_.])(?:(?<whole>\\d{1,3}(?:,\\d{3})+(?!\\d)|\\d+)(?<rest>\\.\\d+)?|(?<alone>\\.\\d+))");

    private Numbers() {}

    /// The last number, without signs of thousands and without zeros that say nothing.
    static Optional<String> last(String text) {
        Optional<String> found = Optional.empty();
        Matcher matcher = NUMBER.matcher(text);
        while (matcher.find()) {
            boolean alone = matcher.group("alone") != null;
            String rest = alone ? matcher.group("alone") : matcher.group("rest");
            found = Optional.of(spelled(
                    hasMinus(text, matcher.start()),
                    alone ? "" : matcher.group("whole").replace(",", ""),
                    rest == null ? "" : rest));
        }
        return found;
    }

    /// Whether a minus stands before a number, or before its currency; behind a number, a word or a bracket it
    /// takes away and belongs to no number.
    private static boolean hasMinus(String text, int start) {
        int at = start - 1;
        if (at >= 0 && "$€£".indexOf(text.charAt(at)) >= 0) {
            at--;
        }
        if (at < 0 || "-−".indexOf(text.charAt(at)) < 0) {
            return false;
        }
        return at == 0 || !Character.isLetterOrDigit(text.charAt(at - 1)) && ")]".indexOf(text.charAt(at - 1)) < 0;
    }

    private static String spelled(boolean minus, String whole, String rest) {
        int from = 0;
        while (from < whole.length() && whole.charAt(from) == '0') {
            from++;
        }
        int to = rest.length();
        while (to > 0 && (rest.charAt(to - 1) == '0' || rest.charAt(to - 1) == '.')) {
            to--;
        }
        String digits = (from == whole.length() ? "0" : whole.substring(from)) + rest.substring(0, to);
        return minus && !digits.equals("0") ? "-" + digits : digits;
    }
}
