package gradus.tokenizer.chat.python;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/// The methods of `str`.
final class TextMethods {
    private static final Set<String> NOT_BUILT = Set.of("encode", "maketrans", "translate", "striptags", "unescape");

    private static final long CASE_COST = 16; // against a copy of the text

    private TextMethods() {}

    /// The method, or null where `str` has none of this name.
    static Object of(String text, boolean markup, String name) {
        Function method = method(text, name, markup);
        if (method == null && NOT_BUILT.contains(name)) {
            return (Function) (given, work) -> {
                throw new TemplateError("the method '" + name + "' of str is not supported");
            };
        }
        return method == null || !markup ? method : (Function) (given, work) -> marked(method.call(given, work));
    }

    private static Object marked(Object result) {
        return switch (result) {
            case String text -> new Markup(text);
            case PyList(List<Object> items) ->
                new PyList(items.stream().map(TextMethods::marked).toList());
            case PyTuple(List<Object> items) ->
                new PyTuple(items.stream().map(TextMethods::marked).toList());
            default -> result;
        };
    }

    private static Function method(String text, String name, boolean markup) {
        return switch (name) {
            case "upper" -> simple(name, text, Characters::upper);
            case "lower" -> simple(name, text, Characters::lower);
            case "casefold" -> simple(name, text, Characters::folded);
            case "title" -> simple(name, text, Characters::title);
            case "capitalize" -> simple(name, text, Characters::capitalized);
            case "swapcase" -> simple(name, text, Characters::swapCase);
            case "isspace" -> asked(name, text, it -> Characters.all(it, Characters::isSpace));
            case "isdigit" -> asked(name, text, it -> Characters.all(it, Characters::isDigit));
            case "isdecimal" -> asked(name, text, it -> Characters.all(it, Character::isDigit));
            case "isnumeric" -> asked(name, text, it -> Characters.all(it, Characters::isNumeric));
            case "isalpha" -> asked(name, text, it -> Characters.all(it, Character::isLetter));
            case "isalnum" -> asked(name, text, it -> Characters.all(it, Characters::isAlphanumeric));
            case "isascii" -> asked(name, text, it -> it.chars().allMatch(c -> c < 0x80));
            case "isprintable" -> asked(name, text, it -> it.codePoints().allMatch(Characters::isPrintable));
            case "islower" -> asked(name, text, Characters::isLower);
            case "isupper" -> asked(name, text, Characters::isUpper);
            case "istitle" -> asked(name, text, TextMethods::isTitle);
            case "isidentifier" -> asked(name, text, TextMethods::isIdentifier);
            case "strip", "lstrip", "rstrip" -> (given, work) -> strip(text, name, given, work);
            case "split", "rsplit" -> (given, work) -> TextSplitting.split(text, name, given, work);
            case "splitlines" -> (given, work) -> TextSplitting.lines(text, given, work);
            case "partition", "rpartition" -> (given, work) -> TextSplitting.partition(text, name, given, work);
            case "join" -> (given, work) -> join(text, given, markup, work);
            case "replace" ->
                (given, work) -> {
                    Object[] bound = Members.onlyPositional(given, name).bind(name, 2, "old", "new", "count");
                    int count = bound[2] == null ? -1 : Numbers.index(bound[2]);
                    String with = markup ? Markup.escaped(bound[1], work) : string(bound[1], name);
                    return replace(text, string(bound[0], name), with, count, work);
                };
            case "startswith", "endswith" -> (given, work) -> affix(text, name, given, work);
            case "removeprefix", "removesuffix" ->
                (given, work) -> {
                    String part = string(given.bind(name, 1, "affix")[0], name);
                    work.chars(text.length());
                    boolean prefix = name.equals("removeprefix");
                    if (prefix ? !text.startsWith(part) : !text.endsWith(part)) {
                        return text;
                    }
                    return prefix ? text.substring(part.length()) : text.substring(0, text.length() - part.length());
                };
            case "find", "rfind", "index", "rindex", "count" -> (given, work) -> find(text, name, given, work);
            case "center", "ljust", "rjust", "zfill" -> (given, work) -> padded(text, name, given, markup, work);
            case "expandtabs" ->
                (given, work) -> {
                    Object[] bound = given.bind(name, 0, "tabsize");
                    return expanded(text, bound[0] == null ? 8 : Numbers.index(bound[0]), work);
                };
            case "format" -> (given, work) -> BraceFormat.apply(text, given, markup, work);
            case "format_map" -> (given, work) -> BraceFormat.applyMap(text, given, markup, work);
            default -> null;
        };
    }

    private static Function simple(String name, String text, UnaryOperator<String> change) {
        return (given, work) -> {
            given.bind(name, 0);
            work.newString(text.length());
            work.chars(CASE_COST * text.length());
            return work.made(change.apply(text));
        };
    }

    private static Function asked(String name, String text, Predicate<String> question) {
        return (given, work) -> {
            given.bind(name, 0);
            work.chars(text.length());
            return question.test(text);
        };
    }

    static String string(Object value, String what) {
        if (value instanceof Undefined undefined) {
            throw new TemplateError(what + "() argument must be str, not Undefined (" + undefined.message() + ")");
        }
        if (!Types.isText(value)) {
            throw new TemplateError(what + "() argument must be str, not " + Types.name(value));
        }
        return Types.text(value);
    }

    private static boolean isTitle(String text) {
        boolean within = false;
        boolean any = false;
        for (int c : text.codePoints().toArray()) {
            boolean capital = Character.isUpperCase(c) || Character.isTitleCase(c);
            boolean small = Character.isLowerCase(c);
            if (capital && within || small && !within) {
                return false;
            }
            within = capital || small;
            any |= within;
        }
        return any;
    }

    static boolean isIdentifier(String text) {
        if (text.isEmpty()) {
            return false;
        }
        int first = text.codePointAt(0);
        return (first == '_' || Character.isUnicodeIdentifierStart(first))
                && text.codePoints()
                        .allMatch(c -> c == '_'
                                || Character.isUnicodeIdentifierPart(c) && !Character.isIdentifierIgnorable(c));
    }

    static String strip(String text, String name, Arguments given, Work work) {
        Object chars = Members.onlyPositional(given, name).bind(name, 0, "chars")[0];
        work.chars(text.length());
        IntPredicate such = Characters::isSpace;
        if (chars != null && chars != None.NONE) {
            String these = string(chars, name);
            work.search(text, these.length() > 64 ? these : "");
            such = c -> these.indexOf(c) >= 0;
        }
        String left = name.equals("rstrip") ? text : Characters.stripLeft(text, such);
        return name.equals("lstrip") ? left : Characters.stripRight(left, such);
    }

    private static Object join(String between, Arguments given, boolean markup, Work work) {
        var joined = new StringBuilder();
        int i = 0;
        for (Object item : Types.elements(given.bind("join", 1, "iterable")[0], work)) {
            if (!markup && !Types.isText(item)) {
                throw new TemplateError(
                        "sequence item %s: expected str instance, %s found".formatted(i, Types.name(item)));
            }
            joined.append(i++ == 0 ? "" : between).append(markup ? Markup.escaped(item, work) : Types.text(item));
            work.newString(joined.length());
        }
        return joined.toString();
    }

    static String replace(String text, String old, String with, int count, Work work) {
        work.search(text, old);
        var replaced = new StringBuilder();
        int done = 0;
        for (int left = count; left != 0; left--) {
            int at = old.isEmpty() && done > 0 || old.isEmpty() && left != count
                    ? next(text, done)
                    : text.indexOf(old, done);
            if (at < 0) {
                break;
            }
            replaced.append(text, done, at).append(with);
            work.spend(1);
            if (replaced.length() > work.limits().stringLength()) {
                work.newString(replaced.length());
            }
            done = at + old.length();
        }
        return work.made(replaced.append(text, done, text.length()).toString());
    }

    /// The place behind the character at `from`, or -1 at the end: where the empty string is found next.
    private static int next(String text, int from) {
        return from >= text.length() ? -1 : text.offsetByCodePoints(from, 1);
    }

    private static Object affix(String text, String name, Arguments given, Work work) {
        Object[] bound = Members.onlyPositional(given, name).bind(name, 1, name, "start", "end");
        work.chars(text.length());
        int length = text.codePointCount(0, text.length());
        int start = position(bound[1], 0, Integer.MAX_VALUE, length);
        int end = position(bound[2], length, length, length);
        List<Object> parts = bound[0] instanceof PyTuple(List<Object> items) ? items : List.of(bound[0]);
        boolean found = false;
        for (Object part : parts) {
            if (found) {
                break; // Python looks no further
            }
            if (!Types.isText(part)) {
                throw new TemplateError(
                        "%s first arg must be str or a tuple of str, not %s".formatted(name, Types.name(part)));
            }
            if (start <= end && start <= length) {
                String within = cut(text, start, end);
                found = name.equals("startswith")
                        ? within.startsWith(Types.text(part))
                        : within.endsWith(Types.text(part));
            }
        }
        return found;
    }

    private static String cut(String text, int start, int end) {
        int from = text.offsetByCodePoints(0, start);
        return text.substring(from, text.offsetByCodePoints(from, end - start));
    }

    /// An optional start or end, counted from the end where negative, within 0 and `size`.
    static int position(Object given, int absent, int size) {
        return position(given, absent, size, size);
    }

    private static int position(Object given, int absent, int most, int size) {
        if (given == null || given == None.NONE) {
            return absent;
        }
        long index = Numbers.index(given);
        return (int) Math.clamp(index < 0 ? index + size : index, 0, most);
    }

    private static Object find(String text, String name, Arguments given, Work work) {
        Object[] bound = Members.onlyPositional(given, name).bind(name, 1, "sub", "start", "end");
        if (!Types.isText(bound[0])) {
            throw new TemplateError("must be str, not " + Types.name(bound[0]));
        }
        String part = Types.text(bound[0]);
        work.search(text, part);
        int length = text.codePointCount(0, text.length());
        int start = position(bound[1], 0, Integer.MAX_VALUE, length);
        int end = position(bound[2], length, length, length);
        int found = -1;
        int count = 0;
        if (start <= end && start <= length) {
            String within = cut(text, start, end);
            if (name.equals("count")) {
                count = part.isEmpty() ? end - start + 1 : count(within, part);
            } else {
                int at = name.startsWith("r") ? within.lastIndexOf(part) : within.indexOf(part);
                found = at < 0 ? -1 : start + within.codePointCount(0, at);
            }
        }
        if (name.endsWith("index") && found < 0) {
            throw new TemplateError("substring not found");
        }
        return BigInteger.valueOf(name.equals("count") ? count : found);
    }

    private static int count(String text, String part) {
        int count = 0;
        for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length())) {
            count++;
        }
        return count;
    }

    private static Object padded(String text, String name, Arguments given, boolean markup, Work work) {
        if (name.equals("zfill")) {
            return pad(text, name, Numbers.index(given.bind(name, 1, "width")[0]), "0", work);
        }
        Arguments usual = markup ? given : Members.onlyPositional(given, name);
        Object[] bound = usual.bind(name, 1, "width", "fillchar");
        String fill = bound[1] == null ? " " : markup ? Markup.escaped(bound[1], work) : string(bound[1], name);
        if (fill.codePointCount(0, fill.length()) != 1) {
            throw new TemplateError("The fill character must be exactly one character long");
        }
        return pad(text, name, Numbers.index(bound[0]), fill, work);
    }

    /// @param way `center`, `ljust`, `rjust` or `zfill`
    static String pad(String text, String way, int width, String fill, Work work) {
        work.chars(text.length());
        int missing = Math.max(0, width - text.codePointCount(0, text.length()));
        int left = switch (way) {
            case "center" -> missing / 2 + (missing & width & 1);
            case "ljust" -> 0;
            default -> missing;
        };
        String before = Numbers.repeated(fill, left, work);
        if (way.equals("zfill") && (text.startsWith("+") || text.startsWith("-"))) {
            return text.charAt(0) + before + text.substring(1);
        }
        return work.made(before + text + Numbers.repeated(fill, missing - left, work));
    }

    private static String expanded(String text, int tab, Work work) {
        var expanded = new StringBuilder();
        int column = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\t') {
                int spaces = tab > 0 ? tab - column % tab : 0;
                work.newString((long) expanded.length() + spaces);
                expanded.repeat(' ', spaces);
                column += spaces;
            } else {
                expanded.append(c);
                column = c == '\n' || c == '\r' ? 0 : Character.isLowSurrogate(c) ? column : column + 1;
            }
        }
        return work.made(expanded.toString());
    }

    static List<Object> list(List<String> parts) {
        return new ArrayList<>(parts);
    }
}
