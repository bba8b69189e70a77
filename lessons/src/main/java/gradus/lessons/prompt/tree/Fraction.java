package gradus.lessons.prompt.tree;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A rational number in lowest terms.
record Fraction(long above, long below) implements Comparable<Fraction> {
    private static final Pattern WRITTEN = Pattern.compile("(-?\\d{1,18})(?:/(\\d{1,18}))?");

    static Fraction of(long above, long below) {
        long divisor = gcd(Math.abs(above), Math.abs(below));
        long sign = below < 0 ? -1 : 1;
        return new Fraction(sign * above / divisor, sign * below / divisor);
    }

    /// @return null if it is none
    static Fraction parse(String text) {
        Matcher written = WRITTEN.matcher(text);
        if (!written.matches()) {
            return null;
        }
        long below = written.group(2) == null ? 1 : Long.parseLong(written.group(2));
        return below == 0 ? null : of(Long.parseLong(written.group(1)), below);
    }

    /// @param operation one of `+ - * /`
    /// @return null for a division by 0, or where a number grows beyond a long
    Fraction with(char operation, Fraction other) {
        try {
            return switch (operation) {
                case '+' -> sum(other, 1);
                case '-' -> sum(other, -1);
                case '*' -> of(Math.multiplyExact(above, other.above), Math.multiplyExact(below, other.below));
                default ->
                    other.above == 0
                            ? null
                            : of(Math.multiplyExact(above, other.below), Math.multiplyExact(below, other.above));
            };
        } catch (ArithmeticException tooLarge) {
            return null;
        }
    }

    private Fraction sum(Fraction other, long sign) {
        return of(
                Math.addExact(
                        Math.multiplyExact(above, other.below),
                        Math.multiplyExact(sign, Math.multiplyExact(other.above, below))),
                Math.multiplyExact(below, other.below));
    }

    private static long gcd(long a, long b) {
        return b == 0 ? Math.max(a, 1) : gcd(b, a % b);
    }

    @Override
    public int compareTo(Fraction other) {
        return Double.compare(above / (double) below, other.above / (double) other.below);
    }

    @Override
    public String toString() {
        return below == 1 ? Long.toString(above) : above + "/" + below;
    }
}
