package gradus.tokenizer.chat.python;

import java.math.BigInteger;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Python's `'{} {name.attribute[0]!r:>10}'.format(…)`, attributes looked up as the sandbox does.
final class BraceFormat {
    private static final Pattern SPEC = Pattern.compile(
            "(?:(.)?([<>=^]))?([-+ ])?(#)?(0)?(\\d{1,6})?([,_])?(?:\\.(\\d{1,6}))?([a-zA-Z%])?", Pattern.DOTALL);
    private static final Pattern FIELD = Pattern.compile("\\.([^.\\[]+)|\\[([^\\]]+)\\]");

    private final Arguments arguments;
    private final Work work;
    private int automatic;

    private BraceFormat(Arguments given, Work work) {
        this.arguments = given;
        this.work = work;
    }

    static String apply(String format, Arguments given, Work work) {
        return new BraceFormat(given, work).expanded(format, 2);
    }

    static String applyMap(String format, Arguments given, Work work) {
        if (!(given.bind("format_map", 1, "mapping")[0] instanceof PyDict dict)) {
            throw new TemplateError("format_map() needs a mapping");
        }
        var named = new java.util.LinkedHashMap<String, Object>();
        dict.entries().forEach(entry -> named.put(Printing.str(entry.key(), work), entry.value()));
        return apply(format, new Arguments(List.of(), named), work);
    }

    private String expanded(String format, int levels) {
        if (levels < 0) {
            throw new TemplateError("Max string recursion exceeded");
        }
        var out = new StringBuilder();
        for (int at = 0; at < format.length(); ) {
            char c = format.charAt(at);
            if (c != '{' && c != '}') {
                out.append(c);
                at++;
            } else if (at + 1 < format.length() && format.charAt(at + 1) == c) {
                out.append(c);
                at += 2;
            } else if (c == '}') {
                throw new TemplateError("Single '}' encountered in format string");
            } else {
                int end = closing(format, at + 1);
                out.append(field(format.substring(at + 1, end), levels));
                work.newString(out.length());
                at = end + 1;
            }
        }
        work.chars(format.length());
        return work.made(out.toString());
    }

    private static int closing(String format, int from) {
        int open = 1;
        for (int i = from; i < format.length(); i++) {
            char c = format.charAt(i);
            open += c == '{' ? 1 : c == '}' ? -1 : 0;
            if (open == 0) {
                return i;
            }
        }
        throw new TemplateError(
                from >= format.length()
                        ? "Single '{' encountered in format string"
                        : "expected '}' before end of string");
    }

    private String field(String field, int levels) {
        int colon = outsideBrackets(field, ':');
        String spec = colon < 0 ? "" : expanded(field.substring(colon + 1), levels - 1);
        String name = colon < 0 ? field : field.substring(0, colon);
        int mark = outsideBrackets(name, '!');
        Object value = value(mark < 0 ? name : name.substring(0, mark));
        if (mark >= 0) {
            value = switch (name.substring(mark + 1)) {
                case "r", "a" -> Printing.repr(value, work);
                case "s" -> Printing.str(value, work);
                default -> throw new TemplateError("Unknown conversion specifier " + name.substring(mark + 1));
            };
        }
        return formatted(value, spec, work);
    }

    private static int outsideBrackets(String text, char wanted) {
        boolean within = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            within = c == '[' || within && c != ']';
            if (c == wanted && !within) {
                return i;
            }
        }
        return -1;
    }

    private Object value(String given) {
        String path = given.isEmpty() ? Integer.toString(automatic++) : given;
        int end = 0;
        while (end < path.length() && path.charAt(end) != '.' && path.charAt(end) != '[') {
            end++;
        }
        Object value = first(path.substring(0, end));
        Matcher step = FIELD.matcher(path);
        for (int at = end; at < path.length(); at = step.end()) {
            if (!step.region(at, path.length()).lookingAt()) {
                throw new TemplateError("Empty attribute in format string");
            }
            value = step.group(1) != null
                    ? Members.attribute(value, step.group(1), work)
                    : Members.item(value, key(step.group(2)), work);
        }
        return value;
    }

    private Object first(String index) {
        if (key(index) instanceof BigInteger number) {
            int i = Numbers.index(number);
            if (i >= arguments.positional().size()) {
                throw new TemplateError("Replacement index " + i + " out of range for positional args tuple");
            }
            return arguments.positional().get(i);
        }
        Object value = arguments.named().get(index);
        if (value == null) {
            throw new TemplateError(Printing.repr(index, work));
        }
        return value;
    }

    private static Object key(String text) {
        boolean number = !text.isEmpty() && text.length() < 10 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        return number ? new BigInteger(text) : text;
    }

    /// Python's `format(value, spec)`.
    static String formatted(Object value, String spec, Work work) {
        if (spec.isEmpty()) {
            return Printing.str(value, work);
        }
        Matcher parts = SPEC.matcher(spec);
        if (!parts.matches()) {
            throw new TemplateError("Invalid format specifier");
        }
        boolean number = Numbers.isNumber(value);
        if (!number && !Types.isText(value)) {
            throw new TemplateError("unsupported format string passed to " + Types.name(value) + ".__format__");
        }
        String text = number ? number(value, parts, work) : text(value, parts);
        String fill =
                parts.group(1) != null ? parts.group(1) : parts.group(5) != null && parts.group(2) == null ? "0" : " ";
        String align = parts.group(2) != null ? parts.group(2) : number ? parts.group(5) != null ? "=" : ">" : "<";
        int width = parts.group(6) == null ? 0 : Integer.parseInt(parts.group(6));
        if (align.equals("=")) {
            int sign = !text.isEmpty() && "+- ".indexOf(text.charAt(0)) >= 0 ? 1 : 0;
            return text.substring(0, sign) + TextMethods.pad(text.substring(sign), "rjust", width - sign, fill, work);
        }
        if (align.equals("^")) {
            int missing = Math.max(0, width - text.codePointCount(0, text.length()));
            String left = Numbers.repeated(fill, missing / 2, work);
            return left + text + Numbers.repeated(fill, missing - missing / 2, work);
        }
        return TextMethods.pad(text, align.equals("<") ? "ljust" : "rjust", width, fill, work);
    }

    private static String text(Object value, Matcher parts) {
        String text = Types.text(value);
        if (parts.group(9) != null && !parts.group(9).equals("s")) {
            throw new TemplateError("Unknown format code '" + parts.group(9) + "' for object of type 'str'");
        }
        refuseForText(parts);
        int precision = parts.group(8) == null ? Integer.MAX_VALUE : Integer.parseInt(parts.group(8));
        return precision >= text.codePointCount(0, text.length())
                ? text
                : text.substring(0, text.offsetByCodePoints(0, precision));
    }

    private static void refuseForText(Matcher parts) {
        if (parts.group(3) != null) {
            throw new TemplateError("Sign not allowed in string format specifier");
        }
        if (parts.group(4) != null) {
            throw new TemplateError("Alternate form (#) not allowed in string format specifier");
        }
        if ("=".equals(parts.group(2))) {
            throw new TemplateError("'=' alignment not allowed in string format specifier");
        }
        if (parts.group(7) != null) {
            throw new TemplateError("Cannot specify '" + parts.group(7) + "' with 's'.");
        }
    }

    private static String number(Object value, Matcher parts, Work work) {
        char type = parts.group(9) == null ? 0 : parts.group(9).charAt(0);
        int precision = parts.group(8) == null ? -1 : NumberFormat.checked(Integer.parseInt(parts.group(8)));
        boolean real = value instanceof Double || "fFeEgG%".indexOf(type) >= 0 && type != 0;
        boolean known = real ? type == 0 || "fFeEgG%".indexOf(type) >= 0 : type == 0 || "bcdoxX".indexOf(type) >= 0;
        if (!known) {
            throw new TemplateError(
                    "Unknown format code '%c' for object of type '%s'".formatted(type, Types.name(value)));
        }
        if (type == 'c') {
            return NumberFormat.character(value);
        }
        String digits;
        if (!real && precision >= 0) {
            throw new TemplateError("Precision not allowed in integer format specifier");
        }
        if (!real) {
            digits = NumberFormat.integer(Numbers.integer(value), type == 0 ? 'd' : type, parts.group(4) != null, work);
        } else if (type == 0 && precision < 0) {
            digits = Printing.real(Math.abs(Numbers.real(value)));
        } else if (type == '%') {
            digits = NumberFormat.real(Numbers.real(value) * 100, 'f', precision < 0 ? 6 : precision, false) + "%";
        } else {
            digits = NumberFormat.real(
                    Numbers.real(value), type == 0 ? 'g' : type, precision < 0 ? 6 : precision, false);
        }
        String sign = parts.group(3) == null || parts.group(3).equals("-") ? "" : parts.group(3);
        return (NumberFormat.isNegative(value) ? "-" : sign) + grouped(digits, parts.group(7));
    }

    private static String grouped(String digits, String separator) {
        if (separator == null) {
            return digits;
        }
        int end = 0;
        while (end < digits.length() && Character.isDigit(digits.charAt(end))) {
            end++;
        }
        var grouped = new StringBuilder(digits);
        for (int i = end - 3; i > 0; i -= 3) {
            grouped.insert(i, separator);
        }
        return grouped.toString();
    }
}
