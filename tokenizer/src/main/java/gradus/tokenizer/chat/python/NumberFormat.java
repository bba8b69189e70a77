package gradus.tokenizer.chat.python;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Locale;

/// A number by a type letter and a precision, as both `%` and `format` write it, without sign, width or fill.
final class NumberFormat {
    private static final int MOST_DIGITS = 1000;
    private static final int PLAIN_EXPONENT = -4;

    private NumberFormat() {}

    static int checked(int precision) {
        if (precision > MOST_DIGITS) {
            throw Work.exceeded(MOST_DIGITS, "digits of precision");
        }
        return precision;
    }

    /// @param type one of `f F e E g G`
    /// @param alternate keeps trailing zeros and the point
    static String real(double number, char type, int precision, boolean alternate) {
        return real(number, type, precision, alternate, false);
    }

    /// @param pointZero whether what looks like an integer ends in `.0`, as `format` has it where no type is
    ///     given
    static String real(double number, char type, int precision, boolean alternate, boolean pointZero) {
        boolean capital = Character.isUpperCase(type);
        String text = Double.isNaN(number) || Double.isInfinite(number)
                ? Double.isNaN(number) ? "nan" : "inf"
                : switch (Character.toLowerCase(type)) {
                    case 'f' -> fixed(number, precision) + (alternate && precision == 0 ? "." : "");
                    case 'e' -> scientific(number, precision, alternate);
                    default -> general(number, Math.max(1, precision), alternate, pointZero);
                };
        return capital ? text.toUpperCase(Locale.ROOT) : text;
    }

    private static String fixed(double number, int precision) {
        return exact(number).setScale(precision, RoundingMode.HALF_EVEN).toPlainString();
    }

    private static BigDecimal exact(double number) {
        return new BigDecimal(Math.abs(number));
    }

    private static String scientific(double number, int precision, boolean alternate) {
        String point = precision == 0 && !alternate ? "" : ".";
        if (number == 0) {
            return "0" + point + "0".repeat(precision) + "e+00";
        }
        BigDecimal rounded = exact(number).round(new java.math.MathContext(precision + 1, RoundingMode.HALF_EVEN));
        String digits = rounded.unscaledValue().toString();
        int exponent = digits.length() - 1 - rounded.scale();
        digits = digits.length() > precision + 1 ? digits.substring(0, precision + 1) : digits;
        digits += "0".repeat(precision + 1 - digits.length());
        return digits.charAt(0) + point + digits.substring(1) + Printing.exponent(exponent);
    }

    private static String general(double number, int precision, boolean alternate, boolean pointZero) {
        String full = scientific(number, precision - 1, alternate);
        int mark = full.indexOf('e');
        int exponent = Integer.parseInt(full.substring(mark + 1));
        if (exponent < PLAIN_EXPONENT || exponent >= precision - (pointZero ? 1 : 0)) {
            return (alternate ? full.substring(0, mark) : trimmed(full.substring(0, mark))) + full.substring(mark);
        }
        String plain = fixed(number, precision - 1 - exponent);
        String shown = alternate ? plain : trimmed(plain);
        return shown.contains(".") ? shown : shown + (pointZero ? ".0" : alternate ? "." : "");
    }

    private static String trimmed(String text) {
        return text.contains(".") ? text.replaceFirst("\\.?0+$", "") : text;
    }

    /// The digits of the absolute value in base 2, 8, 10 or 16.
    ///
    /// @param type one of `b o d x X`
    static String integer(BigInteger number, char type, Work work) {
        work.chars(number.bitLength());
        if (type == 'd') {
            return Printing.integer(number.abs(), work);
        }
        String digits = number.abs()
                .toString(
                        switch (type) {
                            case 'b' -> 2;
                            case 'o' -> 8;
                            default -> 16;
                        });
        return type == 'X' ? digits.toUpperCase(Locale.ROOT) : digits;
    }

    /// Digits in groups with a separator between them, and zeros before them up to the width.
    static String grouped(String digits, int size, String separator, int width, Work work) {
        work.newString(2L * Math.max(digits.length(), width));
        var reversed = new StringBuilder();
        int rest = digits.length();
        int missing = width;
        while (true) {
            int length = Math.min(size, Math.max(1, Math.max(rest, missing)));
            for (int i = 0; i < length; i++) {
                reversed.append(rest > 0 ? digits.charAt(--rest) : '0');
            }
            missing -= length;
            if (rest <= 0 && missing <= 0) {
                return reversed.reverse().toString();
            }
            reversed.append(separator);
            missing--;
        }
    }

    /// The character with this code point.
    static String character(Object number) {
        int c = Numbers.index(number);
        if (!Character.isValidCodePoint(c)) {
            throw new TemplateError("%c arg not in range(0x110000)");
        }
        return Character.toString(c);
    }

    static boolean isNegative(Object number) {
        return number instanceof Double real
                ? Double.doubleToRawLongBits(real) < 0 && !real.isNaN()
                : Numbers.integer(number).signum() < 0;
    }
}
