package gradus.train.rl.verifiable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// An expression of whole numbers with `+ - * /` and brackets, and its exact value, a fraction.
///
/// ```
/// sum     = product { ("+" | "-") product }
/// product = factor  { ("*" | "/") factor }
/// factor  = digits | "(" sum ")"
/// ```
final class Expression {
    private static final int MOST_DIGITS = 3; // so that products of a few numbers stay exact

    /// numerator/denominator; 0 in the denominator is what divided by nothing.
    private record Fraction(long numerator, long denominator) {}

    private final String text;
    private final List<Long> numbers = new ArrayList<>();
    private int at;
    private Fraction value;

    private Expression(String text) {
        this.text = text;
    }

    /// The expression of a text, if it is one.
    static Optional<Expression> parse(String text) {
        Expression expression = new Expression(text);
        try {
            expression.value = expression.sum();
        } catch (NoExpression | ArithmeticException none) {
            return Optional.empty();
        }
        return expression.at == text.length() ? Optional.of(expression) : Optional.empty();
    }

    /// The numbers in it, in their order.
    List<Long> numbers() {
        return List.copyOf(numbers);
    }

    /// Whether it has this value.
    boolean is(long target) {
        return value.denominator != 0
                && value.numerator % value.denominator == 0
                && value.numerator / value.denominator == target;
    }

    private static final class NoExpression extends RuntimeException {
        private static final long serialVersionUID = 1;

        NoExpression() {
            super(null, null, false, false);
        }
    }

    private Fraction sum() {
        Fraction left = product();
        while (at < text.length() && (text.charAt(at) == '+' || text.charAt(at) == '-')) {
            long sign = text.charAt(at++) == '+' ? 1 : -1;
            Fraction right = product();
            left = new Fraction(
                    Math.addExact(
                            Math.multiplyExact(left.numerator, right.denominator),
                            sign * Math.multiplyExact(right.numerator, left.denominator)),
                    Math.multiplyExact(left.denominator, right.denominator));
        }
        return left;
    }

    private Fraction product() {
        Fraction left = factor();
        while (at < text.length() && (text.charAt(at) == '*' || text.charAt(at) == '/')) {
            boolean times = text.charAt(at++) == '*';
            Fraction right = factor();
            Fraction by = times ? right : new Fraction(right.denominator, right.denominator == 0 ? 0 : right.numerator);
            left = new Fraction(
                    Math.multiplyExact(left.numerator, by.numerator),
                    Math.multiplyExact(left.denominator, by.denominator));
        }
        return left;
    }

    private Fraction factor() {
        if (at < text.length() && text.charAt(at) == '(') {
            at++;
            Fraction inner = sum();
            if (at == text.length() || text.charAt(at++) != ')') {
                throw new NoExpression();
            }
            return inner;
        }
        int from = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        if (at == from || at - from > MOST_DIGITS) {
            throw new NoExpression();
        }
        long number = Long.parseLong(text.substring(from, at));
        numbers.add(number);
        return new Fraction(number, 1);
    }
}
