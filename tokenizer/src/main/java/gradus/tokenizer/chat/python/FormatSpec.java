package gradus.tokenizer.chat.python;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Python's `format(value, spec)` for text and numbers, with the spec
/// `[[fill]align][sign][z][#][0][width][,_][.precision][type]`.
final class FormatSpec {
    private static final Pattern SPEC = Pattern.compile(
            "(?:(?<fill>.)?(?<align>[<>=^]))?(?<sign>[-+ ])?(?<z>z)?(?<alternate>#)?(?<zero>0)?(?<width>\\d{1,9})?"
                    + "(?<between>[,_])?(?:\\.(?<precision>\\d{1,9}))?(?<type>.)?",
            Pattern.DOTALL);

    private final Matcher parts;
    private final String type;
    private final int width;
    private final int precision;
    private final Work work;

    private FormatSpec(Matcher parts, Work work) {
        this.parts = parts;
        this.work = work;
        this.type = has("type") ? parts.group("type") : "";
        this.width = has("width") ? Integer.parseInt(parts.group("width")) : 0;
        this.precision = has("precision") ? Integer.parseInt(parts.group("precision")) : -1;
    }

    static String apply(Object value, String spec, Work work) {
        if (spec.isEmpty()) {
            return Printing.str(value, work);
        }
        boolean number = Numbers.isNumber(value);
        if (!number && !Types.isText(value)) {
            throw new TemplateError("unsupported format string passed to " + Types.name(value) + ".__format__");
        }
        Matcher parts = SPEC.matcher(spec);
        if (!parts.matches()) {
            throw new TemplateError("Invalid format specifier");
        }
        var format = new FormatSpec(parts, work);
        return number ? format.number(value) : format.text(value);
    }

    private boolean has(String part) {
        return parts.group(part) != null;
    }

    private String fill() {
        return has("fill") ? parts.group("fill") : has("zero") ? "0" : " ";
    }

    private String text(Object value) {
        if (!type.isEmpty() && !type.equals("s")) {
            throw unknown(value);
        }
        refuse(has("sign"), "Sign not allowed in string format specifier");
        refuse(has("z"), "Negative zero coercion (z) not allowed in string format specifier");
        refuse(has("alternate"), "Alternate form (#) not allowed in string format specifier");
        refuse("=".equals(parts.group("align")), "'=' alignment not allowed in string format specifier");
        refuse(has("between"), "Cannot specify '" + parts.group("between") + "' with 's'.");
        String text = Types.text(value);
        boolean cut = precision >= 0 && precision < text.codePointCount(0, text.length());
        return padded(cut ? text.substring(0, text.offsetByCodePoints(0, precision)) : text, "<");
    }

    private static void refuse(boolean wrong, String message) {
        if (wrong) {
            throw new TemplateError(message);
        }
    }

    private TemplateError unknown(Object value) {
        return new TemplateError("Unknown format code '" + type + "' for object of type '" + Types.name(value) + "'");
    }

    private String padded(String text, String usual) {
        String align = has("align") ? parts.group("align") : usual;
        if (align.equals("^")) {
            int missing = Math.max(0, width - text.codePointCount(0, text.length()));
            String left = Numbers.repeated(fill(), missing / 2, work);
            return left + text + Numbers.repeated(fill(), missing - missing / 2, work);
        }
        return TextMethods.pad(text, align.equals("<") ? "ljust" : "rjust", width, fill(), work);
    }

    private String number(Object value) {
        boolean real = value instanceof Double || !type.isEmpty() && "fFeEgG%".contains(type);
        String known = real ? "fFeEgG%n" : "bcdoxXn";
        if (!known.contains(type)) {
            throw unknown(value);
        }
        boolean grouping = type.isEmpty() || "dfFeEgG%".contains(type);
        boolean binary = !type.isEmpty() && "boxX".contains(type);
        refuse(
                has("between")
                        && !grouping
                        && !(binary && parts.group("between").equals("_")),
                "Cannot specify '" + parts.group("between") + "' with '" + type + "'.");
        if (!real) {
            refuse(precision >= 0, "Precision not allowed in integer format specifier");
            refuse(has("z"), "Negative zero coercion (z) not allowed in integer format specifier");
        }
        if (type.equals("c")) {
            refuse(has("sign"), "Sign not allowed with integer format specifier 'c'");
            refuse(has("alternate"), "Alternate form (#) not allowed with integer format specifier 'c'");
            return padded(NumberFormat.character(value), has("zero") ? "=" : ">");
        }
        String digits = real ? real(Numbers.real(value)) : whole(value);
        boolean zero = has("z")
                && digits.chars().noneMatch(c -> c >= '1' && c <= '9' || Character.isLetter(c) && (c | 0x20) != 'e');
        String sign = NumberFormat.isNegative(value) && !zero
                ? "-"
                : has("sign") && !parts.group("sign").equals("-") ? parts.group("sign") : "";
        String prefix = has("alternate") && binary ? "0" + type : "";
        return laidOut(sign + prefix, digits, binary ? 4 : 3);
    }

    private String whole(Object value) {
        char letter = type.isEmpty() || type.equals("n") ? 'd' : type.charAt(0);
        return NumberFormat.integer(Numbers.integer(value), letter, work);
    }

    private String real(double number) {
        boolean alternate = has("alternate");
        if (type.isEmpty() && precision < 0) {
            String digits = Printing.real(Math.abs(number));
            int exponent = digits.indexOf('e');
            boolean pointless = alternate && exponent > 0 && !digits.contains(".");
            return pointless ? digits.substring(0, exponent) + "." + digits.substring(exponent) : digits;
        }
        int wanted = precision < 0 ? 6 : NumberFormat.checked(precision);
        if (type.equals("%")) {
            return NumberFormat.real(number * 100, 'f', wanted, alternate) + "%";
        }
        char letter = type.isEmpty() || type.equals("n") ? 'g' : type.charAt(0);
        return NumberFormat.real(number, letter, wanted, alternate, type.isEmpty());
    }

    /// Sign and prefix, then the digits with separators; between the two, zeros or another filling where they
    /// are to stand there.
    private String laidOut(String head, String digits, int group) {
        String usual = has("zero") ? "=" : ">";
        boolean within = "=".equals(has("align") ? parts.group("align") : usual);
        String body = digits;
        if (has("between")) {
            int end = 0;
            while (end < digits.length() && Character.digit(digits.charAt(end), group == 4 ? 16 : 10) >= 0) {
                end++;
            }
            int room = within && fill().equals("0") ? width - head.length() - (digits.length() - end) : 0;
            String grouped = end == 0
                    ? ""
                    : NumberFormat.grouped(digits.substring(0, end), group, parts.group("between"), room, work);
            body = grouped + digits.substring(end);
        }
        return within
                ? head + TextMethods.pad(body, "rjust", width - head.length(), fill(), work)
                : padded(head + body, usual);
    }
}
