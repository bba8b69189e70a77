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
        if (peek() == '%') {
            at++;
            out.append('%');
            return;
        }
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
        if ("hlL".indexOf(peek()) >= 0) {
            at++;
        }
        char type = next();
        String text = converted(type, value != null ? value : nextValue(), flags, precision);
        boolean numeric = "sra c".indexOf(type) < 0;
        if (numeric && flags.contains("0") && !flags.contains("-")) {
            int head = !text.isEmpty() && "+- ".indexOf(text.charAt(0)) >= 0 ? 1 : 0;
            head += flags.contains("#") && "xXo".indexOf(type) >= 0 ? 2 : 0;
            out.append(text, 0, head);
            out.append(TextMethods.pad(text.substring(head), "rjust", width - head, "0", work));
        } else {
            out.append(TextMethods.pad(text, flags.contains("-") ? "ljust" : "rjust", width, " ", work));
        }
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
        int end = at;
        for (int open = 1; open > 0; ) {
            if (++end == format.length()) {
                throw new TemplateError("incomplete format key");
            }
            open += format.charAt(end) == '(' ? 1 : format.charAt(end) == ')' ? -1 : 0;
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
        int i = byName ? Integer.MAX_VALUE : used++;
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
                String text = markup && type == 's' ? Markup.escaped(value, work) : shown(type, value);
                text = markup && type != 's' ? Markup.escape(text) : text;
                int length = text.codePointCount(0, text.length());
                return precision < 0 || precision >= length
                        ? text
                        : text.substring(0, text.offsetByCodePoints(0, precision));
            }
            case 'c' -> {
                if (markup) { // what is put into markup is escaped, so it is no character any more
                    throw new TemplateError("%c requires int or char");
                }
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

    private String shown(char type, Object value) {
        return switch (type) {
            case 's' -> Printing.str(value, work);
            case 'r' -> Printing.repr(value, work);
            default -> Printing.ascii(value, work);
        };
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
        String digits = NumberFormat.integer(number, base, work);
        String prefix = flags.contains("#") && base != 'd' ? "0" + base : "";
        return sign(number, flags) + prefix + "0".repeat(Math.max(0, precision - digits.length())) + digits;
    }

    private static String sign(Object number, String flags) {
        return NumberFormat.isNegative(number) ? "-" : flags.contains("+") ? "+" : flags.contains(" ") ? " " : "";
    }
}
