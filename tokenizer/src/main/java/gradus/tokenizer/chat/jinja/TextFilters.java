package gradus.tokenizer.chat.jinja;

import gradus.tokenizer.chat.python.Arguments;
import gradus.tokenizer.chat.python.Characters;
import gradus.tokenizer.chat.python.Function;
import gradus.tokenizer.chat.python.Markup;
import gradus.tokenizer.chat.python.Members;
import gradus.tokenizer.chat.python.None;
import gradus.tokenizer.chat.python.Numbers;
import gradus.tokenizer.chat.python.PercentFormat;
import gradus.tokenizer.chat.python.Printing;
import gradus.tokenizer.chat.python.PyDict;
import gradus.tokenizer.chat.python.PyTuple;
import gradus.tokenizer.chat.python.Slices;
import gradus.tokenizer.chat.python.TemplateError;
import gradus.tokenizer.chat.python.TextSplitting;
import gradus.tokenizer.chat.python.Types;
import gradus.tokenizer.chat.python.Work;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Filters that make text of text.
final class TextFilters {
    private static final int LEEWAY = 5; // how much longer a text may be before `truncate` cuts it

    static final Map<String, Filters.Filter> ALL = Map.ofEntries(
            Map.entry("upper", (value, given, work) -> method(value, "upper", given, work)),
            Map.entry("lower", (value, given, work) -> method(value, "lower", given, work)),
            Map.entry("capitalize", (value, given, work) -> method(value, "capitalize", given, work)),
            Map.entry("trim", (value, given, work) -> method(value, "strip", named(given, "trim", "chars"), work)),
            Map.entry("center", TextFilters::center),
            Map.entry("title", TextFilters::title),
            Map.entry("replace", TextFilters::replace),
            Map.entry("indent", TextFilters::indent),
            Map.entry("truncate", TextFilters::truncate),
            Map.entry("wordcount", TextFilters::wordCount),
            Map.entry("format", TextFilters::format),
            Map.entry("safe", (value, given, work) -> new Markup(alone("safe", value, given, work))),
            Map.entry("e", TextFilters::escape),
            Map.entry("escape", TextFilters::escape),
            Map.entry(
                    "forceescape",
                    (value, given, work) -> new Markup(Markup.escape(alone("forceescape", value, given, work)))),
            Map.entry("string", TextFilters::string),
            Map.entry("urlencode", TextFilters::urlEncode));

    private TextFilters() {}

    private static String alone(String name, Object value, Arguments given, Work work) {
        given.bind(name, 0);
        return Printing.str(value, work);
    }

    private static Object string(Object value, Arguments given, Work work) {
        given.bind("string", 0);
        return soft(value, work);
    }

    /// Text as it is, markup included, and anything else printed.
    private static Object soft(Object value, Work work) {
        return Types.isText(value) ? value : Printing.str(value, work);
    }

    private static Object method(Object value, String name, Arguments given, Work work) {
        return ((Function) Members.attribute(soft(value, work), name, work)).call(given, work);
    }

    /// Arguments that a filter takes by name, and the method of str behind it by position only.
    private static Arguments named(Arguments given, String what, String parameter) {
        Object value = given.bind(what, 0, parameter)[0];
        return value == null ? Arguments.NONE : Arguments.of(value);
    }

    private static Object center(Object value, Arguments given, Work work) {
        Object width = given.bind("center", 0, "width")[0];
        return method(value, "center", Arguments.of(width == null ? BigInteger.valueOf(80) : width), work);
    }

    /// Every word with a capital, the rest small; words begin behind white space and `- ( { [ <`.
    private static Object title(Object value, Arguments given, Work work) {
        given.bind("title", 0);
        String text = work.made(Printing.str(value, work));
        var titled = new StringBuilder(text.length());
        int start = 0;
        while (start < text.length()) {
            int end = start;
            boolean separator = separatesWords(text.codePointAt(start));
            while (end < text.length() && separatesWords(text.codePointAt(end)) == separator) {
                end += Character.charCount(text.codePointAt(end));
            }
            int second = text.offsetByCodePoints(start, 1);
            titled.append(Characters.upper(text.substring(start, second)));
            titled.append(Characters.lower(text.substring(second, end)));
            start = end;
        }
        return titled.toString();
    }

    private static boolean separatesWords(int c) {
        return Characters.isSpace(c) || c < 0x80 && "-({[<".indexOf(c) >= 0;
    }

    private static Object replace(Object value, Arguments given, Work work) {
        Object[] bound = given.bind("replace", 2, "old", "new", "count");
        Object count = bound[2] == null || bound[2] == None.NONE ? BigInteger.ONE.negate() : bound[2];
        Object[] texts = {Printing.str(bound[0], work), Printing.str(bound[1], work), count};
        return method(Printing.str(value, work), "replace", Arguments.of(texts), work);
    }

    private static Object indent(Object value, Arguments given, Work work) {
        Object[] bound = given.bind("indent", 0, "width", "first", "blank");
        boolean markup = value instanceof Markup;
        String by = indentation(bound[0], markup, work);
        boolean first = bound[1] != null && Types.truth(bound[1]);
        boolean blank = bound[2] != null && Types.truth(bound[2]);
        String text = Types.text(Numbers.binary("+", value, "\n", work));
        var indented = new StringBuilder();
        int i = 0;
        for (String line : TextSplitting.lines(text, false, work)) {
            boolean wanted = i == 0 ? first : blank || !line.isEmpty();
            indented.append(i++ == 0 ? "" : "\n").append(wanted ? by : "").append(line);
            work.newString(indented.length());
        }
        return markup ? new Markup(indented.toString()) : indented.toString();
    }

    private static String indentation(Object width, boolean markup, Work work) {
        if (width != null && Types.isText(width)) {
            return Types.text(width);
        }
        int count = width == null ? 4 : Math.max(0, Numbers.index(width));
        work.newString(count);
        return " ".repeat(count);
    }

    private static Object truncate(Object value, Arguments given, Work work) {
        Object[] bound = given.bind("truncate", 0, "length", "killwords", "end", "leeway");
        int length = bound[0] == null ? 255 : Numbers.index(bound[0]);
        if (bound[2] != null && !Types.isText(bound[2])) {
            throw new TemplateError("truncate: end must be str, not " + Types.name(bound[2]));
        }
        String end = bound[2] == null ? "..." : Types.text(bound[2]);
        int leeway = bound[3] == null || bound[3] == None.NONE ? LEEWAY : Numbers.index(bound[3]);
        int room = length - end.codePointCount(0, end.length());
        if (room < 0 || leeway < 0) {
            throw new TemplateError("truncate: expected length >= %s and leeway >= 0, got %s and %s"
                    .formatted(length - room, length, leeway));
        }
        if (Types.length(value, work) <= (long) length + leeway) {
            return value;
        }
        Object cut = Slices.slice(value, None.NONE, BigInteger.valueOf(room), None.NONE, work);
        if (!Types.isText(cut)) {
            throw new TemplateError("truncate: expected str, got " + Types.name(value));
        }
        String text = Types.text(cut);
        boolean anywhere = bound[1] != null && Types.truth(bound[1]);
        int space = anywhere ? -1 : text.lastIndexOf(' ');
        return (space < 0 ? text : text.substring(0, space)) + end;
    }

    private static Object wordCount(Object value, Arguments given, Work work) {
        given.bind("wordcount", 0);
        String text = work.made(Printing.str(value, work));
        int count = 0;
        boolean within = false;
        for (int c : text.codePoints().toArray()) {
            boolean word = c == '_'
                    || Character.isLetterOrDigit(c)
                    || Character.getType(c) == Character.OTHER_NUMBER
                    || Character.getType(c) == Character.LETTER_NUMBER;
            count += word && !within ? 1 : 0;
            within = word;
        }
        return BigInteger.valueOf(count);
    }

    private static Object format(Object value, Arguments given, Work work) {
        if (!given.positional().isEmpty() && !given.named().isEmpty()) {
            throw new TemplateError("can't handle positional and keyword arguments at the same time");
        }
        if (given.named().isEmpty()) {
            return PercentFormat.apply(soft(value, work), new PyTuple(given.positional()), work);
        }
        var named = new PyDict();
        given.named().forEach((name, each) -> named.put(name, each, work));
        return PercentFormat.apply(soft(value, work), named, work);
    }

    private static Object escape(Object value, Arguments given, Work work) {
        given.bind("escape", 0);
        return new Markup(work.made(Markup.escaped(value, work)));
    }

    private static Object urlEncode(Object value, Arguments given, Work work) {
        given.bind("urlencode", 0);
        if (Types.isText(value) || !Types.isIterable(value)) {
            return quoted(Printing.str(value, work), "/", work);
        }
        Object pairs = value instanceof PyDict dict ? ListFilters.items(dict) : value;
        var parts = new ArrayList<String>();
        for (Object pair : Types.elements(pairs, work)) {
            List<Object> keyAndValue = Types.elements(pair, work);
            if (keyAndValue.size() != 2) {
                throw new TemplateError("urlencode: expected pairs");
            }
            String key = quoted(Printing.str(keyAndValue.get(0), work), "", work);
            parts.add(key + "=" + quoted(Printing.str(keyAndValue.get(1), work), "", work));
        }
        return work.made(String.join("&", parts));
    }

    private static String quoted(String text, String kept, Work work) {
        work.newString(3L * text.length());
        var quoted = new StringBuilder();
        for (byte unit : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (unit & 0xFF);
            boolean plain =
                    c < 0x80 && (Character.isLetterOrDigit(c) || "_.-~".indexOf(c) >= 0 || kept.indexOf(c) >= 0);
            quoted.append(
                    plain ? Character.toString(c) : c == ' ' && kept.isEmpty() ? "+" : "%%%02X".formatted((int) c));
        }
        return quoted.toString();
    }
}
