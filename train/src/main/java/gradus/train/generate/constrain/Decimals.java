package gradus.train.generate.constrain;

import static gradus.train.generate.constrain.Regex.EMPTY;
import static gradus.train.generate.constrain.Regex.NOTHING;
import static gradus.train.generate.constrain.Regex.UNBOUNDED;
import static gradus.train.generate.constrain.Regex.and;
import static gradus.train.generate.constrain.Regex.bytes;
import static gradus.train.generate.constrain.Regex.concat;
import static gradus.train.generate.constrain.Regex.optional;
import static gradus.train.generate.constrain.Regex.or;
import static gradus.train.generate.constrain.Regex.repeat;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/// Decimal numbers between bounds, as languages. Numbers are compared as their digits are, from the left: with
/// as many digits before the point, the first that differs decides.
///
/// Written are numbers without an exponent, with at most 15 digits before the point and behind it, a `double`
/// holds about as many, or one more than a bound has: so there is a number beyond each bound.
final class Decimals {
    private static final int DIGITS = 15;
    private static final Regex DIGIT = bytes('0', '9');
    private static final Regex NONZERO = bytes('1', '9');
    private static final Regex ANY = repeat(DIGIT, 0, UNBOUNDED);
    private static final Regex POINT = bytes('.', '.');
    private static final Regex MINUS = bytes('-', '-');
    private static final Regex NOT_ZERO =
            concat(List.of(repeat(or(DIGIT, POINT), 0, UNBOUNDED), NONZERO, repeat(or(DIGIT, POINT), 0, UNBOUNDED)));

    private Decimals() {}

    /// A bound.
    ///
    /// @param exclusive whether the number itself is outside
    record Bound(BigDecimal value, boolean exclusive) {
        Bound negated() {
            return new Bound(value.negate(), exclusive);
        }

        private int digits() {
            return Math.max(1, value.precision() - value.scale());
        }

        private int decimals() {
            return Math.max(0, value.stripTrailingZeros().scale());
        }
    }

    /// The numbers from a lower to an upper bound.
    ///
    /// @param whole whether only integers
    /// @param lows  bounds from below, all of which hold
    /// @param highs bounds from above, all of which hold
    static Regex between(boolean whole, List<Bound> lows, List<Bound> highs) {
        int before = DIGITS;
        int behind = DIGITS;
        for (Bound bound : concatenated(lows, highs)) {
            before = Math.max(before, bound.digits() + 1);
            behind = Math.max(behind, bound.decimals() + 1);
        }
        Regex integer = or(bytes('0', '0'), concat(NONZERO, repeat(DIGIT, 0, before - 1)));
        Regex fraction = concat(POINT, repeat(DIGIT, 1, behind));
        Regex magnitude = whole ? integer : concat(integer, optional(fraction));
        Regex positive = within(magnitude, lows, highs);
        List<Bound> mirroredLows = highs.stream().map(Bound::negated).toList();
        List<Bound> mirroredHighs = lows.stream().map(Bound::negated).toList();
        Regex negative = within(and(magnitude, NOT_ZERO), mirroredLows, mirroredHighs);
        return or(positive, concat(MINUS, negative));
    }

    private static List<Bound> concatenated(List<Bound> a, List<Bound> b) {
        List<Bound> all = new ArrayList<>(a);
        all.addAll(b);
        return all;
    }

    private static Regex within(Regex magnitude, List<Bound> lows, List<Bound> highs) {
        List<Regex> all = new ArrayList<>(List.of(magnitude));
        lows.forEach(low -> all.add(above(low)));
        highs.forEach(high -> all.add(below(high)));
        return and(all);
    }

    /// Magnitudes that are at least, or above, a bound.
    private static Regex above(Bound bound) {
        if (bound.value.signum() < 0) {
            return Regex.ANYTHING;
        }
        String integer = integer(bound.value);
        Regex longer = concat(List.of(NONZERO, repeat(DIGIT, integer.length(), UNBOUNDED), tail()));
        return or(longer, compared(integer, true, fraction(bound.value, bound.exclusive, true)));
    }

    /// Magnitudes that are at most, or below, a bound.
    private static Regex below(Bound bound) {
        if (bound.value.signum() < 0) {
            return NOTHING;
        }
        String integer = integer(bound.value);
        Regex shorter = integer.length() == 1
                ? NOTHING
                : concat(List.of(DIGIT, repeat(DIGIT, 0, integer.length() - 2), tail()));
        return or(shorter, compared(integer, false, fraction(bound.value, bound.exclusive, false)));
    }

    /// As many digits before the point as the bound has.
    ///
    /// @param more   whether greater numbers are meant, or smaller ones
    /// @param behind what stands behind the point where all digits before it are the bound's
    private static Regex compared(String digits, boolean more, Regex behind) {
        Regex all = behind;
        for (int i = digits.length() - 1; i >= 0; i--) {
            Regex differs = concat(List.of(
                    beyond(digits.charAt(i), more),
                    repeat(DIGIT, digits.length() - 1 - i, digits.length() - 1 - i),
                    tail()));
            all = or(differs, concat(bytes(digits.charAt(i), digits.charAt(i)), all));
        }
        return all;
    }

    /// A point and what is behind it, or nothing.
    private static Regex fraction(BigDecimal bound, boolean exclusive, boolean more) {
        String digits = decimals(bound);
        boolean ends = digits.isEmpty() ? !exclusive : !more; // an absent fraction is zero
        Regex zeros = repeat(bytes('0', '0'), 0, UNBOUNDED);
        Regex behind; // of the bound's last digit
        if (more) {
            behind = exclusive ? concat(List.of(zeros, NONZERO, ANY)) : ANY;
        } else {
            behind = exclusive ? NOTHING : zeros;
        }
        for (int i = digits.length() - 1; i >= 0; i--) {
            Regex same = concat(bytes(digits.charAt(i), digits.charAt(i)), behind);
            behind = or(concat(beyond(digits.charAt(i), more), ANY), same);
            behind = more ? behind : or(EMPTY, behind); // a fraction that ends earlier is smaller
        }
        return or(ends ? EMPTY : NOTHING, concat(POINT, behind));
    }

    private static Regex tail() {
        return optional(concat(POINT, ANY));
    }

    private static Regex beyond(char digit, boolean more) {
        char from = more ? (char) (digit + 1) : '0';
        char to = more ? '9' : (char) (digit - 1);
        return from > to ? NOTHING : bytes(from, to);
    }

    private static String integer(BigDecimal value) {
        return value.toBigInteger().toString();
    }

    private static String decimals(BigDecimal value) {
        BigDecimal rest = value.remainder(BigDecimal.ONE).stripTrailingZeros();
        return rest.signum() == 0 ? "" : rest.toPlainString().substring(2);
    }
}
