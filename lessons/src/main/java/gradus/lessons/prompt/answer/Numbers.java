package gradus.lessons.prompt.answer;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Numbers in a text.
final class Numbers {
    /// `1,234.50`, `.5`, `2e3` or `1/2`; not the 2 of `x2`.
    private static final Pattern NUMBER = Pattern.compile(
            "(?<![\\p{L}\\p{N}_.])(?:(?<whole>\\d{1,3}(?:,\\d{3})+(?!\\d)|\\d+)(?<rest>\\.\\d+)?|(?<alone>\\.\\d+))"
                    + "(?:[eE](?<power>[+-]?\\d{1,3})(?![\\p{L}\\p{N}_]))?");

    /// Two whole numbers of few digits with nothing but a stroke between, and no further stroke, as in a date.
    private static final Pattern FRACTION =
            Pattern.compile("(?<![\\p{L}\\p{N}_./])(\\d{1,15})/(\\d{1,15})(?![\\p{L}\\p{N}_/])(?!\\.\\d)");

    private Numbers() {}

    /// The last number, without signs of thousands and without zeros that say nothing.
    static Optional<String> last(String text) {
        Optional<String> found = Optional.empty();
        Matcher matcher = NUMBER.matcher(text);
        Matcher fraction = FRACTION.matcher(text);
        fraction.useTransparentBounds(true);
        int done = 0; // a fraction's denominator is no number of its own
        while (matcher.find()) {
            if (matcher.start() >= done) {
                boolean minus = hasMinus(text, matcher.start());
                fraction.region(matcher.start(), text.length());
                if (fraction.lookingAt() && Long.parseLong(fraction.group(2)) != 0) {
                    found = Optional.of(
                            quotient(minus, Long.parseLong(fraction.group(1)), Long.parseLong(fraction.group(2))));
                    done = fraction.end();
                } else {
                    found = Optional.of(decimal(minus, matcher));
                }
            }
        }
        return found;
    }

    private static String decimal(boolean minus, Matcher matcher) {
        boolean alone = matcher.group("alone") != null;
        String rest = alone ? matcher.group("alone") : matcher.group("rest");
        String whole = alone ? "" : matcher.group("whole").replace(",", "");
        String power = matcher.group("power");
        return power == null
                ? spelled(minus, whole, rest == null ? "" : rest)
                : spelled(minus, new BigDecimal("0" + whole + (rest == null ? "" : rest) + "e" + power));
    }

    /// A decimal number where it has an end, else the fraction in lowest terms.
    private static String quotient(boolean minus, long above, long below) {
        try {
            return spelled(minus, BigDecimal.valueOf(above).divide(BigDecimal.valueOf(below)));
        } catch (ArithmeticException endless) {
            long divisor =
                    BigInteger.valueOf(above).gcd(BigInteger.valueOf(below)).longValueExact();
            return (minus ? "-" : "") + above / divisor + "/" + below / divisor;
        }
    }

    private static String spelled(boolean minus, BigDecimal number) {
        String[] parts = number.toPlainString().split("(?=[.])");
        return spelled(minus, parts[0], parts.length == 1 ? "" : parts[1]);
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
