package gradus.tokenizer.chat.python;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

/// Python's arithmetic, on strings and lists too: `+ - * / // % **`.
public final class Numbers {
    public static final int MOST_BITS = 1 << 14; // Python itself refuses to print more than 4,300 digits
    private static final MathContext QUOTIENT = new MathContext(60);

    private Numbers() {}

    public static boolean isNumber(Object value) {
        return value instanceof Boolean || value instanceof BigInteger || value instanceof Double;
    }

    public static boolean isInteger(Object value) {
        return value instanceof Boolean || value instanceof BigInteger;
    }

    public static BigInteger integer(Object value) {
        return switch (value) {
            case Boolean flag -> flag ? BigInteger.ONE : BigInteger.ZERO;
            case BigInteger number -> number;
            case Undefined undefined -> throw undefined.error();
            default ->
                throw new TemplateError("'" + Types.name(value) + "' object cannot be interpreted as an integer");
        };
    }

    /// A number as an index or count; what lies outside Java's ints becomes the nearest of them.
    public static int index(Object value) {
        BigInteger number = integer(value);
        if (number.bitLength() > 31) {
            return number.signum() < 0 ? Integer.MIN_VALUE : Integer.MAX_VALUE;
        }
        return number.intValue();
    }

    public static double real(Object value) {
        if (value instanceof Double number) {
            return number;
        }
        double number = integer(value).doubleValue();
        if (Double.isInfinite(number)) {
            throw new TemplateError("int too large to convert to float");
        }
        return number;
    }

    static void refuseUndefined(Object a, Object b) {
        if (a instanceof Undefined undefined) {
            throw undefined.error();
        }
        if (b instanceof Undefined undefined) {
            throw undefined.error();
        }
    }

    /// One of `+ - * / // % **`.
    public static Object binary(String sign, Object a, Object b, Work work) {
        work.step();
        if (isNumber(a) && isNumber(b)) {
            return a instanceof Double || b instanceof Double
                    ? reals(sign, real(a), real(b))
                    : integers(sign, integer(a), integer(b), work);
        }
        if (sign.equals("%") && Types.isText(a)) {
            return PercentFormat.apply(a, b, work);
        }
        refuseUndefined(a, b);
        Object result = switch (sign) {
            case "+" -> joined(a, b, work);
            case "*" -> isInteger(b) ? repeated(a, b, work) : isInteger(a) ? repeated(b, a, work) : null;
            default -> null;
        };
        if (result != null) {
            return result;
        }
        if (sign.equals("+") && (Types.isText(a) || a instanceof PyList || a instanceof PyTuple)) {
            String type = a instanceof Markup ? "str" : Types.name(a);
            throw new TemplateError("can only concatenate %s (not \"%s\") to %s".formatted(type, Types.name(b), type));
        }
        if (sign.equals("*") && (isSequence(a) || isSequence(b))) {
            throw new TemplateError(
                    "can't multiply sequence by non-int of type '%s'".formatted(Types.name(isSequence(a) ? b : a)));
        }
        throw new TemplateError("unsupported operand type(s) for %s: '%s' and '%s'"
                .formatted(sign.equals("**") ? "** or pow()" : sign, Types.name(a), Types.name(b)));
    }

    private static boolean isSequence(Object value) {
        return Types.isText(value) || value instanceof PyList || value instanceof PyTuple;
    }

    private static Object joined(Object a, Object b, Work work) {
        if (Types.isText(a) && Types.isText(b)) {
            boolean markup = a instanceof Markup || b instanceof Markup;
            String x = markup ? Markup.escaped(a, work) : (String) a;
            String y = markup ? Markup.escaped(b, work) : (String) b;
            work.newString((long) x.length() + y.length());
            return markup ? new Markup(x + y) : x + y;
        }
        if (a instanceof PyList(List<Object> x) && b instanceof PyList(List<Object> y)) {
            return new PyList(joined(x, y, work));
        }
        return a instanceof PyTuple(List<Object> x) && b instanceof PyTuple(List<Object> y)
                ? new PyTuple(joined(x, y, work))
                : null;
    }

    private static List<Object> joined(List<Object> a, List<Object> b, Work work) {
        work.newList((long) a.size() + b.size());
        var all = new ArrayList<Object>(a.size() + b.size());
        all.addAll(a);
        all.addAll(b);
        return all;
    }

    private static Object repeated(Object what, Object times, Work work) {
        int count = Math.max(0, index(times));
        return switch (what) {
            case String text -> repeated(text, count, work);
            case Markup(String text) -> new Markup(repeated(text, count, work));
            case PyList(List<Object> items) -> new PyList(repeated(items, count, work));
            case PyTuple(List<Object> items) -> new PyTuple(repeated(items, count, work));
            default -> null;
        };
    }

    static String repeated(String text, int count, Work work) {
        work.newString((long) text.length() * count);
        return text.repeat(text.isEmpty() ? 0 : count);
    }

    private static List<Object> repeated(List<Object> items, int count, Work work) {
        work.newList((long) items.size() * count);
        var all = new ArrayList<Object>(items.size() * count);
        for (int i = 0; i < count && !items.isEmpty(); i++) {
            all.addAll(items);
        }
        return all;
    }

    private static Object integers(String sign, BigInteger a, BigInteger b, Work work) {
        work.chars((long) a.bitLength() + b.bitLength());
        return switch (sign) {
            case "+" -> bounded(a.add(b));
            case "-" -> bounded(a.subtract(b));
            case "*" -> bounded(a.multiply(b));
            case "/" -> quotient(a, b);
            case "//" -> floorDivide(a, nonZero(b, "integer division or modulo by zero"));
            case "%" ->
                a.subtract(floorDivide(a, nonZero(b, "integer modulo by zero")).multiply(b));
            default -> power(a, b);
        };
    }

    /// A real number without what stands behind the point.
    public static BigInteger whole(double number) {
        return new BigDecimal(number).toBigInteger();
    }

    public static BigInteger bounded(BigInteger number) {
        if (number.bitLength() > MOST_BITS) {
            throw Work.exceeded(MOST_BITS, "bits in a number");
        }
        return number;
    }

    private static BigInteger nonZero(BigInteger number, String message) {
        if (number.signum() == 0) {
            throw new TemplateError(message);
        }
        return number;
    }

    private static BigInteger floorDivide(BigInteger a, BigInteger b) {
        BigInteger[] parts = a.divideAndRemainder(b);
        boolean round = parts[1].signum() != 0 && parts[1].signum() != b.signum();
        return round ? parts[0].subtract(BigInteger.ONE) : parts[0];
    }

    private static Double quotient(BigInteger a, BigInteger b) {
        nonZero(b, "division by zero");
        double quotient = new BigDecimal(a).divide(new BigDecimal(b), QUOTIENT).doubleValue();
        if (Double.isInfinite(quotient)) {
            throw new TemplateError("integer division result too large for a float");
        }
        return a.signum() == 0 && b.signum() < 0 ? (Double) (-0.0) : (Double) quotient;
    }

    private static Object power(BigInteger base, BigInteger exponent) {
        if (exponent.signum() < 0) {
            return power(real(base), real(exponent));
        }
        if (base.abs().bitLength() <= 1) { // 0, 1, -1
            boolean odd = exponent.testBit(0);
            return exponent.signum() == 0 ? BigInteger.ONE : odd ? base : base.multiply(base);
        }
        if (exponent.bitLength() > 31 || (long) (base.bitLength() - 1) * exponent.intValue() > MOST_BITS) {
            throw Work.exceeded(MOST_BITS, "bits in a number");
        }
        return bounded(base.pow(exponent.intValue()));
    }

    private static Object reals(String sign, double a, double b) {
        return switch (sign) {
            case "+" -> a + b;
            case "-" -> a - b;
            case "*" -> a * b;
            case "/" -> a / nonZero(b, "float division by zero");
            case "//" -> floorDivide(a, nonZero(b, "float floor division by zero"));
            case "%" -> modulo(a, nonZero(b, "float modulo"));
            default -> power(a, b);
        };
    }

    private static double nonZero(double number, String message) {
        if (number == 0) {
            throw new TemplateError(message);
        }
        return number;
    }

    /// The remainder with the divisor's sign.
    private static double modulo(double a, double b) {
        double rest = a % b;
        if (rest == 0) {
            return Math.copySign(0.0, b);
        }
        return (rest < 0) == (b < 0) ? rest : rest + b;
    }

    private static double floorDivide(double a, double b) {
        double rest = a % b;
        double quotient = (a - rest) / b;
        if (rest != 0 && (b < 0) != (rest < 0)) {
            quotient -= 1;
        }
        if (quotient == 0) {
            return Math.copySign(0.0, a / b);
        }
        double floor = Math.floor(quotient);
        return quotient - floor > 0.5 ? floor + 1 : floor;
    }

    private static Object power(double a, double b) {
        if (a == 0 && b < 0 && !Double.isInfinite(b)) {
            throw new TemplateError("0.0 cannot be raised to a negative power");
        }
        if (a == 1 || b == 0 || a == -1 && Double.isInfinite(b)) {
            return 1.0;
        }
        if (a < 0 && b != Math.rint(b) && !Double.isNaN(b) && !Double.isInfinite(a)) {
            throw new TemplateError("complex numbers are not supported");
        }
        double power = Math.pow(a, b);
        if (Double.isInfinite(power) && !Double.isInfinite(a) && !Double.isInfinite(b)) {
            throw new TemplateError("(34, 'Numerical result out of range')");
        }
        return power;
    }

    /// `-value` or `+value`.
    public static Object unary(String sign, Object value) {
        if (value instanceof Undefined undefined) {
            throw undefined.error();
        }
        if (!isNumber(value)) {
            throw new TemplateError("bad operand type for unary %s: '%s'".formatted(sign, Types.name(value)));
        }
        boolean minus = sign.equals("-");
        if (value instanceof Double number) {
            return minus ? -number : number;
        }
        return minus ? integer(value).negate() : integer(value);
    }

    /// Python's `round(value, digits)`, exact and to even.
    public static Object round(Object value, int digits) {
        int bounded = Math.clamp(digits, -400, 400);
        if (value instanceof Double number) {
            if (number.isNaN() || number.isInfinite()) {
                return number;
            }
            double rounded = new BigDecimal(number)
                    .setScale(bounded, RoundingMode.HALF_EVEN)
                    .doubleValue();
            return Math.copySign(rounded, number);
        }
        return digits >= 0
                ? integer(value)
                : new BigDecimal(integer(value))
                        .setScale(bounded, RoundingMode.HALF_EVEN)
                        .toBigInteger();
    }
}
