package gradus.tokenizer.chat.python;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;

/// Python's `'…%s…' % values`.
public final class PercentFormat {
    private final String format;
    private final Object given;
    private final boolean markup;
    private final Work work;
    private final StringBuilder out = new StringBuilder();
    private int at;
    private int used;
    private boolean byName;

    private PercentFormat(Object format, Object given, Work work) {
        this.format = Types.text(format);
        this.markup = format instanceof Markup;
        this.given = given;
        this.work = work;
    }

    /// The text; markup if the format is.
    public static Object apply(Object format, Object given, Work work) {
        var formatting = new PercentFormat(format, given, work);
        formatting.run();
        String text = work.made(formatting.out.toString());
        return formatting.markup ? new Markup(text) : text;
    }

    private void run() {
        while (at < format.length()) {
            int percent = format.indexOf('%', at);
            out.append(format, at, percent < 0 ? format.length() : percent);
            at = percent < 0 ? format.length() : percent + 1;
            if (percent >= 0) {
                conversion();
                work.newString(out.length());
            }
        }
        boolean all = given instanceof PyTuple(List<Object> items) ? used == items.size() : used > 0;
        if (!all && !byName && !isMapping(given)) {
            throw new TemplateError("not all arguments converted during string formatting");
        }
    }

    /// What Python takes for a mapping here: all that can be indexed, but tuples and text.
    private static boolean isMapping(Object value) {
        return value instanceof PyDict
                || value instanceof PyList
                || value instanceof Range
                || value instanceof Undefined;
    }

    private void conversion() {
        Object value = null;
        if (peek() == '(') {
            value = named();
        }
        String flags = "";
        while ("-+ #0".indexOf(peek()) >= 0) {
            flags += format.charAt(at++);
        }
        int width = star();
        if (width < 0) {
            flags += "-";
            width = -width;
        }
        int precision = -1;
        if (peek() == '.') {
            at++;
            precision = NumberFormat.checked(Math.max(0, star()));
        }
        while ("hlL".indexOf(peek()) >= 0) {
            at++;
        }
        char type = next();
        if (type == '%') {
            out.append('%');
            return;
        }
        String text = converted(type, value != null ? value : nextValue(), flags, precision);
        boolean numeric = "sra c".indexOf(type) < 0;
        String way = flags.contains("-") ? "ljust" : numeric && flags.contains("0") ? "zfill" : "rjust";
        out.append(TextMethods.pad(text, way, width, way.equals("zfill") ? "0" : " ", work));
    }

    private char peek() {
        if (at >= format.length()) {
            throw new TemplateError("incomplete format");
        }
        return format.charAt(at);
    }

    private char next() {
        char c = peek();
        at++;
        return c;
    }

    private Object named() {
        int end = format.indexOf(')', at);
        if (end < 0) {
            throw new TemplateError("incomplete format key");
        }
        if (!(given instanceof PyDict dict)) {
            throw new TemplateError("format requires a mapping");
        }
        String key = format.substring(at + 1, end);
        at = end + 1;
        byName = true;
        Object value = dict.get(key);
        if (value == null) {
            throw new TemplateError(Printing.repr(key, work));
        }
        return value;
    }

    private int star() {
        if (peek() == '*') {
            at++;
            return Numbers.index(nextValue());
        }
        int number = 0;
        while (Character.isDigit(peek())) {
            number = Math.min(number * 10 + (next() - '0'), 1 << 24);
        }
        return number;
    }

    private Object nextValue() {
        int i = used++;
        if (given instanceof PyTuple(List<Object> items)) {
            if (i < items.size()) {
                return items.get(i);
            }
        } else if (i == 0) {
            return given;
        }
        throw new TemplateError("not enough arguments for format string");
    }

    private String converted(char type, Object value, String flags, int precision) {
        switch (type) {
            case 's', 'r', 'a' -> {
                String text = type != 's'
                        ? Printing.repr(value, work)
                        : markup ? Markup.escaped(value, work) : Printing.str(value, work);
                int length = text.codePointCount(0, text.length());
                return precision < 0 || precision >= length
                        ? text
                        : text.substring(0, text.offsetByCodePoints(0, precision));
            }
            case 'c' -> {
                return character(value);
            }
            case 'd', 'i', 'u', 'x', 'X', 'o' -> {
                char base = type == 'i' || type == 'u' ? 'd' : type;
                return signed(whole(value, type), flags, precision, base);
            }
            case 'f', 'F', 'e', 'E', 'g', 'G' -> {
                if (!Numbers.isNumber(value)) {
                    throw new TemplateError("must be real number, not " + Types.name(value));
                }
                double number = Numbers.real(value);
                String digits = NumberFormat.real(number, type, precision < 0 ? 6 : precision, flags.contains("#"));
                return sign(number, flags) + digits;
            }
            default ->
                throw new TemplateError(
                        "unsupported format character '%c' (0x%x) at index %s".formatted(type, (int) type, at - 1));
        }
    }

    private static String character(Object value) {
        if (Types.isText(value)) {
            if (Types.lengthOr(value, 0) != 1) {
                throw new TemplateError("%c requires int or char");
            }
            return Types.text(value);
        }
        if (!Numbers.isInteger(value)) {
            throw new TemplateError("%c requires int or char");
        }
        return NumberFormat.character(value);
    }

    private BigInteger whole(Object value, char type) {
        boolean decimal = "diu".indexOf(type) >= 0;
        if (value instanceof Double number && decimal && !number.isNaN() && !number.isInfinite()) {
            return new BigDecimal(number).toBigInteger();
        }
        if (!Numbers.isInteger(value)) {
            throw new TemplateError("%%%c format: %s is required, not %s"
                    .formatted(type, decimal ? "a real number" : "an integer", Types.name(value)));
        }
        return Numbers.integer(value);
    }

    private String signed(BigInteger number, String flags, int precision, char base) {
        String digits = NumberFormat.integer(number, base, false, work);
        String prefix = flags.contains("#") && base != 'd' ? "0" + base : "";
        return sign(number, flags) + prefix + "0".repeat(Math.max(0, precision - digits.length())) + digits;
    }

    private static String sign(Object number, String flags) {
        return NumberFormat.isNegative(number) ? "-" : flags.contains("+") ? "+" : flags.contains(" ") ? " " : "";
    }
}
