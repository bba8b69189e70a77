package gradus.tokenizer.chat.jinja;

import gradus.tokenizer.chat.python.Arguments;
import gradus.tokenizer.chat.python.Characters;
import gradus.tokenizer.chat.python.Comparison;
import gradus.tokenizer.chat.python.Json;
import gradus.tokenizer.chat.python.Members;
import gradus.tokenizer.chat.python.None;
import gradus.tokenizer.chat.python.Numbers;
import gradus.tokenizer.chat.python.PercentFormat;
import gradus.tokenizer.chat.python.Printing;
import gradus.tokenizer.chat.python.TemplateError;
import gradus.tokenizer.chat.python.Types;
import gradus.tokenizer.chat.python.Undefined;
import gradus.tokenizer.chat.python.Work;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/// Filters for single values: numbers, JSON, what stands for a missing value.
final class ValueFilters {
    private static final Pattern REAL = Pattern.compile("[+-]?(\\d++(\\.\\d*+)?+|\\.\\d++)([eE][+-]?\\d++)?+");
    private static final int MOST_DIGITS = 4300;
    private static final int MOST_SPACES = 1000;

    static final Map<String, Filters.Filter> ALL = Map.ofEntries(
            Map.entry("default", ValueFilters::defaulted),
            Map.entry("d", ValueFilters::defaulted),
            Map.entry("abs", ValueFilters::absolute),
            Map.entry("int", ValueFilters::integer),
            Map.entry("float", ValueFilters::real),
            Map.entry("round", ValueFilters::round),
            Map.entry("filesizeformat", ValueFilters::fileSize),
            Map.entry("tojson", ValueFilters::toJson),
            Map.entry("attr", ValueFilters::attribute));

    private ValueFilters() {}

    private static Object defaulted(Object value, Arguments given, Work work) {
        Object[] bound = given.bind("default", 0, "default_value", "boolean");
        boolean alsoFalse = bound[1] != null && Types.truth(bound[1]);
        boolean missing = value instanceof Undefined || alsoFalse && !Types.truth(value);
        return !missing ? value : bound[0] == null ? "" : bound[0];
    }

    private static Object absolute(Object value, Arguments given, Work work) {
        given.bind("abs", 0);
        return switch (value) {
            case Double number -> Math.abs(number);
            case Boolean _, BigInteger _ -> Numbers.integer(value).abs();
            case Undefined undefined -> throw undefined.error();
            default -> throw new TemplateError("bad operand type for abs(): '" + Types.name(value) + "'");
        };
    }

    private static Object integer(Object value, Arguments given, Work work) {
        Object[] bound = given.bind("int", 0, "default", "base");
        Object other = bound[0] == null ? BigInteger.ZERO : bound[0];
        int base = bound[1] == null ? 10 : Numbers.index(bound[1]);
        if (Types.isText(value)) {
            work.chars(Types.text(value).length());
            BigInteger parsed = parsed(Types.text(value), base);
            if (parsed != null) {
                return parsed;
            }
            Double number = parsedReal(Types.text(value));
            return number == null || number.isNaN() || number.isInfinite()
                    ? other
                    : (Object) new BigDecimal(number).toBigInteger();
        }
        return switch (value) {
            case Double number
            when number.isInfinite() -> throw new TemplateError("cannot convert float infinity to integer");
            case Double number when number.isNaN() -> other;
            case Double number -> new BigDecimal(number).toBigInteger();
            case Boolean _, BigInteger _ -> Numbers.integer(value);
            case Undefined undefined -> throw undefined.error();
            default -> other;
        };
    }

    /// Python's `int(text, base)`; null where it would throw.
    private static BigInteger parsed(String text, int base) {
        String digits = plainDigits(stripped(text)).toLowerCase(Locale.ROOT);
        boolean minus = digits.startsWith("-");
        digits = minus || digits.startsWith("+") ? digits.substring(1) : digits;
        String prefix = digits.length() > 2 && digits.charAt(0) == '0' ? digits.substring(0, 2) : "";
        int prefixed = switch (prefix) {
            case "0x" -> 16;
            case "0o" -> 8;
            case "0b" -> 2;
            default -> 0;
        };
        int used = base == 0 ? prefixed == 0 ? 10 : prefixed : base;
        boolean cut = prefixed != 0 && prefixed == used;
        digits = cut ? digits.substring(2) : digits;
        digits = cut && digits.startsWith("_") ? digits.substring(1) : digits;
        boolean underscores = digits.startsWith("_") || digits.endsWith("_") || digits.contains("__");
        String bare = digits.replace("_", "");
        boolean octal = base == 0
                && prefixed == 0
                && bare.startsWith("0")
                && !bare.chars().allMatch(c -> c == '0');
        if (bare.isEmpty()
                || underscores
                || octal
                || bare.length() > MOST_DIGITS && Integer.bitCount(used) > 1
                || used < 2
                || used > 36
                || !bare.codePoints().allMatch(c -> Character.digit(c, used) >= 0)) {
            return null;
        }
        if (bare.length() > Numbers.MOST_BITS) {
            throw Work.exceeded(Numbers.MOST_BITS, "bits in a number");
        }
        BigInteger number = Numbers.bounded(new BigInteger(bare, used));
        return minus ? number.negate() : number;
    }

    private static String stripped(String text) {
        return Characters.stripRight(Characters.stripLeft(text, Characters::isSpace), Characters::isSpace);
    }

    /// The text with its decimal digits of any script as those of ASCII.
    private static String plainDigits(String text) {
        var plain = new StringBuilder(text.length());
        text.codePoints().forEach(c -> plain.appendCodePoint(Character.isDigit(c) ? '0' + Character.digit(c, 10) : c));
        return plain.toString();
    }

    /// Python's `float(text)`; null where it would throw.
    private static Double parsedReal(String text) {
        String number = plainDigits(stripped(text));
        String word = number.toLowerCase(Locale.ROOT).replaceFirst("^[+-]", "");
        if (word.equals("inf") || word.equals("infinity")) {
            return number.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        }
        if (word.equals("nan")) {
            return Double.NaN;
        }
        String bare = number.replaceAll("(?<=\\d)_(?=\\d)", "");
        return REAL.matcher(bare).matches() ? Double.valueOf(bare) : null;
    }

    private static Object real(Object value, Arguments given, Work work) {
        Object bound = given.bind("float", 0, "default")[0];
        Object other = bound == null ? (Object) 0.0 : bound;
        if (Types.isText(value)) {
            work.chars(Types.text(value).length());
            Double number = parsedReal(Types.text(value));
            return number == null ? other : number;
        }
        if (value instanceof Undefined undefined) {
            throw undefined.error();
        }
        return Numbers.isNumber(value) ? (Object) Numbers.real(value) : other;
    }

    private static Object round(Object value, Arguments given, Work work) {
        Object[] bound = given.bind("round", 0, "precision", "method");
        int digits = bound[0] == null ? 0 : Numbers.index(bound[0]);
        String method = bound[1] == null ? "common" : Printing.str(bound[1], work);
        if (value instanceof Undefined undefined) {
            throw undefined.error();
        }
        if (!Numbers.isNumber(value)) {
            throw new TemplateError("type " + Types.name(value) + " doesn't define __round__ method");
        }
        if (method.equals("common")) {
            return Numbers.round(value, digits);
        }
        if (!method.equals("ceil") && !method.equals("floor")) {
            throw new TemplateError("method must be common, ceil or floor");
        }
        if (Numbers.isInteger(value) && digits >= 0) {
            return Numbers.real(value); // it has no digits there, so nothing is lost
        }
        Object scale = Numbers.binary("**", BigInteger.TEN, BigInteger.valueOf(digits), work);
        double scaled = Numbers.real(Numbers.binary("*", value, scale, work));
        if (Double.isNaN(scaled) || Double.isInfinite(scaled)) {
            throw new TemplateError(
                    "cannot convert float " + (Double.isNaN(scaled) ? "NaN" : "infinity") + " to integer");
        }
        BigInteger whole =
                new BigDecimal(method.equals("ceil") ? Math.ceil(scaled) : Math.floor(scaled)).toBigInteger();
        return Numbers.binary("/", whole, scale, work);
    }

    private static Object fileSize(Object value, Arguments given, Work work) {
        Object binary = given.bind("filesizeformat", 0, "binary")[0];
        boolean kibi = binary != null && Types.truth(binary);
        Object number = real(value, Arguments.of(None.NONE), work);
        if (!(number instanceof Double bytes)) {
            throw new TemplateError("filesizeformat: expected a number, got " + Types.name(value));
        }
        var base = BigInteger.valueOf(kibi ? 1024 : 1000);
        if (bytes == 1) {
            return "1 Byte";
        }
        if (Comparison.less(bytes, base, "<", work)) {
            return Numbers.whole(bytes) + " Bytes";
        }
        String letters = kibi ? "KMGTPEZY" : "kMGTPEZY";
        BigInteger unit = base;
        int i = 0;
        while (i < letters.length() - 1 && !Comparison.less(bytes, unit.multiply(base), "<", work)) {
            unit = unit.multiply(base);
            i++;
        }
        Object shown = PercentFormat.apply(
                "%.1f", bytes * base.intValue() / unit.multiply(base).doubleValue(), work);
        return shown + " " + letters.charAt(i) + (kibi ? "iB" : "B");
    }

    private static Object toJson(Object value, Arguments given, Work work) {
        Object[] bound = given.bind("tojson", 0, "ensure_ascii", "indent", "separators", "sort_keys");
        boolean ascii = bound[0] != null && Types.truth(bound[0]);
        String indent = null;
        if (bound[1] != null && bound[1] != None.NONE) {
            indent = Types.isText(bound[1]) ? Types.text(bound[1]) : " ".repeat(levels(bound[1]));
        }
        String between = indent == null ? ", " : ",";
        String colon = ": ";
        if (bound[2] != null && bound[2] != None.NONE) {
            List<Object> separators = Types.elements(bound[2], work);
            if (separators.size() != 2 || !separators.stream().allMatch(Types::isText)) {
                throw new TemplateError("tojson: separators must be two strings");
            }
            between = Types.text(separators.get(0));
            colon = Types.text(separators.get(1));
        }
        boolean sorted = bound[3] != null && Types.truth(bound[3]);
        return Json.dumps(value, new Json.Style(ascii, indent, between, colon, sorted), work);
    }

    private static int levels(Object indent) {
        int levels = Numbers.index(indent);
        if (levels > MOST_SPACES) {
            throw Work.exceeded(MOST_SPACES, "spaces of indentation");
        }
        return Math.max(0, levels);
    }

    private static Object attribute(Object value, Arguments given, Work work) {
        Object name = given.bind("attr", 1, "name")[0];
        if (!Types.isText(name)) {
            throw new TemplateError("attribute name must be string, not '" + Types.name(name) + "'");
        }
        Object found = Members.attribute(value, Types.text(name), work);
        boolean element =
                value instanceof gradus.tokenizer.chat.python.PyDict dict && dict.get(Types.text(name)) == found;
        return element ? Undefined.member(value, name, work) : found;
    }
}
