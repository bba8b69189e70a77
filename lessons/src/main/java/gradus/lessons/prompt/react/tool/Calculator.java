package gradus.lessons.prompt.react.tool;

import static gradus.error.ConfigException.require;

import gradus.error.Printable;
import java.math.BigDecimal;
import java.math.MathContext;

/// Calculates: `+ - * / ^`, brackets and numbers such as `1,000.5`. Sums and products are exact, quotients have
/// 20 digits.
///
/// ```text
/// sum     = product (("+" | "-") product)*
/// product = factor (("*" | "/") factor)*
/// factor  = ("+" | "-") factor | power
/// power   = atom ("^" factor)?               so -2^2 = -4 and 2^3^2 = 2^9
/// atom    = number | "(" sum ")"
/// ```
/// There is nothing else in the language, so nothing else can be run. Lengths, depth and sizes are bounded.
public final class Calculator implements Tool {
    private static final int LONGEST = 1_000; // characters
    private static final int DEEPEST = 100; // brackets and signs
    private static final int DIGITS = 1_000; // of a result, and behind or before its point
    private static final MathContext QUOTIENT = new MathContext(20);

    @Override
    public String name() {
        return "calculate";
    }

    @Override
    public String description() {
        return "calculates an expression of numbers, + - * / ^ and brackets, such as calculate[(3 + 4) * 5]";
    }

    /// @throws gradus.error.ConfigException naming the character at fault
    @Override
    public String use(String input) {
        require(
                input.length() <= LONGEST,
                "the expression has %d characters; at most %d are calculated",
                input.length(),
                LONGEST);
        BigDecimal result =
                new Expression(input.replace('×', '*').replace('÷', '/').replace('−', '-')).all();
        return result.signum() == 0 ? "0" : result.stripTrailingZeros().toPlainString();
    }

    /// Reads and calculates in one go.
    private static final class Expression {
        private final String text;
        private int at;
        private int depth;

        Expression(String text) {
            this.text = text;
        }

        BigDecimal all() {
            BigDecimal result = sum();
            require(peek() == 0, "%s cannot be calculated: unexpected %s", shown(), here());
            return result;
        }

        private BigDecimal sum() {
            BigDecimal result = product();
            while (peek() == '+' || peek() == '-') {
                boolean plus = text.charAt(at++) == '+';
                BigDecimal next = product();
                result = bounded(plus ? result.add(next) : result.subtract(next));
            }
            return result;
        }

        private BigDecimal product() {
            BigDecimal result = factor();
            while (peek() == '*' || peek() == '/') {
                boolean times = text.charAt(at++) == '*';
                BigDecimal next = factor();
                require(times || next.signum() != 0, "%s divides by 0", shown());
                result = bounded(times ? result.multiply(next) : result.divide(next, QUOTIENT));
            }
            return result;
        }

        private BigDecimal factor() {
            char sign = peek();
            if (sign != '+' && sign != '-') {
                return power();
            }
            at++;
            deeper();
            BigDecimal result = factor();
            depth--;
            return sign == '-' ? result.negate() : result;
        }

        private BigDecimal power() {
            BigDecimal base = atom();
            if (peek() != '^') {
                return base;
            }
            at++;
            deeper();
            BigDecimal exponent = factor();
            depth--;
            require(
                    exponent.stripTrailingZeros().scale() <= 0
                            && exponent.abs().compareTo(BigDecimal.valueOf(DIGITS)) < 0,
                    "%s: exponents must be whole numbers below %d",
                    shown(),
                    DIGITS);
            int times = exponent.intValueExact();
            BigDecimal small = base.signum() == 0 ? BigDecimal.ZERO : base.stripTrailingZeros();
            require(times >= 0 || small.signum() != 0, "%s divides by 0", shown());
            long digits = (long) Math.abs(times) * Math.max(small.precision(), Math.abs(small.scale()));
            require(digits <= 2 * DIGITS || small.abs().equals(BigDecimal.ONE), "%s: the result is too large", shown());
            BigDecimal power = small.pow(Math.abs(times));
            return bounded(times >= 0 ? power : BigDecimal.ONE.divide(power, QUOTIENT));
        }

        private BigDecimal atom() {
            if (peek() == '(') {
                at++;
                deeper();
                BigDecimal inside = sum();
                depth--;
                require(peek() == ')', "%s cannot be calculated: expected ) and not %s", shown(), here());
                at++;
                return inside;
            }
            int start = at;
            while (at < text.length() && "0123456789.,".indexOf(text.charAt(at)) >= 0) {
                at++;
            }
            String number = text.substring(start, at);
            require(
                    number.matches("(\\d+|\\d{1,3}(,\\d{3})+)(\\.\\d*)?|\\.\\d+"),
                    "%s cannot be calculated: expected a number and not %s",
                    shown(),
                    number.isEmpty() ? here() : number);
            return bounded(new BigDecimal(number.replace(",", "")));
        }

        private void deeper() {
            require(++depth <= DEEPEST, "%s has more than %d brackets and signs in each other", shown(), DEEPEST);
        }

        private BigDecimal bounded(BigDecimal number) {
            require(
                    number.precision() <= DIGITS && Math.abs(number.scale()) <= 2 * DIGITS,
                    "%s: the result is too large",
                    shown());
            return number;
        }

        /// The next character that is no space, or 0 at the end.
        private char peek() {
            while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
                at++;
            }
            return at < text.length() ? text.charAt(at) : 0;
        }

        private String here() {
            return peek() == 0 ? "the end" : Printable.value(text.substring(at, text.offsetByCodePoints(at, 1)));
        }

        private String shown() {
            return Printable.value(text);
        }
    }
}
