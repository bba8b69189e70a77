package gradus.tokenizer.chat.python;

import java.math.BigInteger;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Python's `'{} {name.attribute[0]!r:>10}'.format(…)`, attributes looked up as the sandbox does.
final class BraceFormat {
    private static final Pattern FIELD = Pattern.compile("\\.([^.\\[]+)|\\[([^\\]]+)\\]");

    private final Arguments arguments;
    private final boolean markup;
    private final Work work;
    private int automatic;
    private boolean numbered;

    private BraceFormat(Arguments given, boolean markup, Work work) {
        this.arguments = given;
        this.markup = markup;
        this.work = work;
    }

    /// @param markup whether the format is markup, so that what is put in is escaped
    static String apply(String format, Arguments given, boolean markup, Work work) {
        return new BraceFormat(given, markup, work).expanded(format, 2);
    }

    static String applyMap(String format, Arguments given, boolean markup, Work work) {
        if (!(given.bind("format_map", 1, "mapping")[0] instanceof PyDict dict)) {
            throw new TemplateError("format_map() needs a mapping");
        }
        var named = new java.util.LinkedHashMap<String, Object>();
        dict.entries().forEach(entry -> named.put(Printing.str(entry.key(), work), entry.value()));
        return apply(format, new Arguments(List.of(), named), markup, work);
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
        String name = colon < 0 ? field : field.substring(0, colon);
        int mark = outsideBrackets(name, '!');
        Object value = value(mark < 0 ? name : name.substring(0, mark));
        if (mark >= 0) {
            value = switch (name.substring(mark + 1)) {
                case "r" -> Printing.repr(value, work);
                case "a" -> Printing.ascii(value, work);
                case "s" -> Printing.str(value, work);
                default -> throw new TemplateError("Unknown conversion specifier " + name.substring(mark + 1));
            };
        }
        String spec = expanded(colon < 0 ? "" : field.substring(colon + 1), levels - 1);
        if (!markup) {
            return FormatSpec.apply(value, spec, work);
        }
        if (value instanceof Markup(String text)) {
            if (!spec.isEmpty()) {
                throw new TemplateError("Unsupported format specification for Markup.");
            }
            return text;
        }
        return Markup.escape(FormatSpec.apply(value, spec, work));
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
        boolean number = !given.isEmpty() && given.chars().allMatch(c -> c >= '0' && c <= '9');
        if (given.isEmpty() ? numbered : number && automatic > 0) {
            throw new TemplateError("cannot switch from manual field specification to automatic field numbering");
        }
        numbered |= number;
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
}
