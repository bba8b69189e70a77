package gradus.tokenizer.chat.python;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Iterator;
import java.util.List;

/// Python's `str` and `repr`.
public final class Printing {
    private static final int SMALLEST_PLAIN = -4; // below 1e-4 and from 1e16 on a float is printed with an exponent
    private static final int LARGEST_PLAIN = 16;
    private static final int MOST_DIGITS = 4300; // of an integer: Python's own limit

    private Printing() {}

    public static String str(Object value, Work work) {
        return switch (value) {
            case String text -> text;
            case Markup(String text) -> text;
            case Undefined _ -> "";
            default -> repr(value, work);
        };
    }

    public static String repr(Object value, Work work) {
        var out = new StringBuilder();
        repr(value, out, work);
        return work.made(out.toString());
    }

    private static void repr(Object value, StringBuilder out, Work work) {
        if (out.length() > work.limits().stringLength()) {
            work.newString(out.length());
        }
        work.enter();
        work.spend(2);
        switch (value) {
            case None _ -> out.append("None");
            case Boolean flag -> out.append(flag ? "True" : "False");
            case BigInteger number -> out.append(integer(number, work));
            case Double number -> out.append(real(number));
            case String text -> quoted(text, out, work);
            case Markup(String text) -> {
                out.append("Markup(");
                quoted(text, out, work);
                out.append(')');
            }
            case PyList(List<Object> items) -> listed("[", items, "]", out, work);
            case PyTuple(List<Object> items) -> listed("(", items, items.size() == 1 ? ",)" : ")", out, work);
            case PyDict dict -> dict(dict, out, work);
            case Namespace(PyDict attributes) -> {
                out.append("<Namespace ");
                dict(attributes, out, work);
                out.append('>');
            }
            case DictView view -> listed(view.kind() + "([", view.items(), "])", out, work);
            case Range range -> out.append(range(range));
            case Undefined _ -> out.append("Undefined");
            case Generator _ -> out.append("<generator object>");
            case Types.Member member -> out.append(member);
            default -> out.append("<function>");
        }
        work.leave();
    }

    private static void listed(String open, List<Object> items, String close, StringBuilder out, Work work) {
        out.append(open);
        Iterator<Object> iterator = items.iterator();
        while (iterator.hasNext()) {
            repr(iterator.next(), out, work);
            if (iterator.hasNext()) {
                out.append(", ");
            }
        }
        out.append(close);
    }

    private static void dict(PyDict dict, StringBuilder out, Work work) {
        String before = "{";
        for (PyDict.Entry entry : dict.entries()) {
            out.append(before);
            repr(entry.key(), out, work);
            out.append(": ");
            repr(entry.value(), out, work);
            before = ", ";
        }
        out.append(dict.size() == 0 ? "{}" : "}");
    }

    private static String range(Range range) {
        String ends = "range(" + range.start() + ", " + range.stop();
        return range.step().equals(BigInteger.ONE) ? ends + ")" : ends + ", " + range.step() + ")";
    }

    static String integer(BigInteger number, Work work) {
        work.spend(number.bitLength() / 4); // quadratic, but the bits are bounded
        String digits = number.toString();
        if (digits.length() - (number.signum() < 0 ? 1 : 0) > MOST_DIGITS) {
            throw new TemplateError("Exceeds the limit (" + MOST_DIGITS + " digits) for integer string conversion;"
                    + " use sys.set_int_max_str_digits() to increase the limit");
        }
        return digits;
    }

    /// The shortest digits that give the number back, as `repr(float)` arranges them.
    public static String real(double number) {
        if (Double.isNaN(number)) {
            return "nan";
        }
        if (Double.isInfinite(number)) {
            return number > 0 ? "inf" : "-inf";
        }
        String sign = Double.doubleToRawLongBits(number) < 0 ? "-" : "";
        if (number == 0) {
            return sign + "0.0";
        }
        BigDecimal shortest = shortest(Math.abs(number));
        String digits = shortest.unscaledValue().toString();
        int point = digits.length() - shortest.scale(); // digits before the decimal point
        if (point - 1 >= LARGEST_PLAIN || point - 1 < SMALLEST_PLAIN) {
            String fraction = digits.length() == 1 ? "" : "." + digits.substring(1);
            return sign + digits.charAt(0) + fraction + exponent(point - 1);
        }
        String plain = shortest.toPlainString();
        return sign + (plain.contains(".") ? plain : plain + ".0");
    }

    private static BigDecimal shortest(double number) {
        BigDecimal shortest = new BigDecimal(Double.toString(number)).stripTrailingZeros();
        if (shortest.precision() == 2) { // Java never gives fewer digits, which is one too many for 5e-324
            BigDecimal shorter = shortest.round(new MathContext(1, RoundingMode.HALF_EVEN));
            return shorter.doubleValue() == number ? shorter.stripTrailingZeros() : shortest;
        }
        return shortest;
    }

    /// `e+05`, `e-123`.
    static String exponent(int exponent) {
        String digits = Integer.toString(Math.abs(exponent));
        return (exponent < 0 ? "e-" : "e+") + (digits.length() < 2 ? "0" : "") + digits;
    }

    private static void quoted(String text, StringBuilder out, Work work) {
        work.chars(text.length());
        char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
        out.append(quote);
        text.codePoints().forEach(c -> {
            switch (c) {
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\\' -> out.append("\\\\");
                default -> {
                    if (c == quote) {
                        out.append('\\').append(quote);
                    } else if (Characters.isPrintable(c)) {
                        out.appendCodePoint(c);
                    } else {
                        out.append(escape(c));
                    }
                }
            }
        });
        out.append(quote);
    }

    /// `repr` with escapes for all that is not ASCII.
    static String ascii(Object value, Work work) {
        var ascii = new StringBuilder();
        repr(value, work).codePoints().forEach(c -> {
            if (c < 0x80) {
                ascii.append((char) c);
            } else {
                ascii.append(escape(c));
            }
        });
        return work.made(ascii.toString());
    }

    /// A code point as an escape in a string of Python.
    public static String escape(int c) {
        return c < 0x100 ? "\\x%02x".formatted(c) : c < 0x10000 ? "\\u%04x".formatted(c) : "\\U%08x".formatted(c);
    }
}
