package gradus.train.generate.constrain;

import static gradus.error.ConfigException.require;

import gradus.error.ConfigException;
import gradus.error.Printable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// Reads a regular expression as it is commonly written: characters, `.`, `[a-z]`, `[^…]`, `\d \w \s`,
/// `\p{Lu}`, groups, `|`, `* + ? {n} {n,} {n,m}`, and `^` and `$` at its ends. The meaning is ECMA 262's, which
/// JSON schemas use: `.` is any character but a line's end, `\d` is 0 to 9, `\w` is a letter of ASCII, a digit
/// or `_`.
///
/// What no automaton can do is refused by name: references back, looking ahead and behind, and borders of
/// words; and so are lazy and possessive counts, which mean nothing where a whole text matches or does not.
public final class RegexSyntax {
    private static final int LONGEST = 10_000;
    private static final int DEEPEST = 100;
    private static final int MOST_REPEATS = 100_000;

    private static final CodePoints DIGIT = CodePoints.range('0', '9');
    private static final CodePoints WORD =
            DIGIT.or(CodePoints.range('a', 'z')).or(CodePoints.range('A', 'Z')).or(CodePoints.of('_'));
    private static final CodePoints SPACE = CodePoints.of(
                    '\t', '\n', 0x0B, '\f', '\r', ' ', 0xA0, 0x1680, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000, 0xFEFF)
            .or(CodePoints.range(0x2000, 0x200A));
    private static final CodePoints LINE_END = CodePoints.of('\n', '\r', 0x2028, 0x2029);

    /// Those that were asked for: to find their characters takes a while.
    private static final Map<String, CodePoints> PROPERTIES = new ConcurrentHashMap<>();

    private final String source;
    private final int[] text;
    private final Function<CodePoints, Regex> spelling;
    private int at;
    private int depth;

    private RegexSyntax(String source, Function<CodePoints, Regex> spelling) {
        require(source != null, "a regular expression must be given; got null");
        this.source = source;
        this.text = source.codePoints().toArray();
        Map<CodePoints, Regex> spelled = new HashMap<>();
        this.spelling = set -> spelled.computeIfAbsent(set, spelling);
        require(text.length <= LONGEST, "a regular expression has at most %d characters; got %d", LONGEST, text.length);
    }

    /// The UTF-8 of all texts that match as a whole.
    ///
    /// @throws ConfigException if the expression cannot be read, with the place, or needs what no automaton has
    public static Regex parse(String expression) {
        return new RegexSyntax(expression, CodePoints::utf8).whole(false);
    }

    /// The same for texts that match somewhere in them, as a JSON schema's `pattern` does, unless `^` and `$`
    /// hold the ends.
    ///
    /// @param spelling how one character of a set is written
    static Regex search(String expression, Function<CodePoints, Regex> spelling) {
        return new RegexSyntax(expression, spelling).whole(true);
    }

    /// The alternatives of the whole, each of which may hold its own ends.
    private Regex whole(boolean somewhere) {
        Regex before = somewhere ? Regex.repeat(spelling.apply(CodePoints.ALL), 0, Regex.UNBOUNDED) : Regex.EMPTY;
        List<Regex> either = new ArrayList<>();
        do {
            boolean begins = take('^');
            Regex inner = sequence();
            boolean ends = take('$');
            check(
                    at == text.length || text[at] == '|',
                    at < text.length && text[at] == ')' ? "a ) closes no group" : "^ and $ stand at the ends only");
            either.add(Regex.concat(List.of(begins ? Regex.EMPTY : before, inner, ends ? Regex.EMPTY : before)));
        } while (take('|'));
        return Regex.or(either);
    }

    private Regex alternatives() {
        List<Regex> either = new ArrayList<>();
        do {
            either.add(sequence());
        } while (take('|'));
        return Regex.or(either);
    }

    private Regex sequence() {
        List<Regex> parts = new ArrayList<>();
        while (at < text.length && text[at] != '|' && text[at] != ')' && text[at] != '$') {
            parts.add(counted(one()));
        }
        return Regex.concat(parts);
    }

    private Regex counted(Regex one) {
        int begun = at;
        Regex all = one;
        if (take('*')) {
            all = Regex.repeat(one, 0, Regex.UNBOUNDED);
        } else if (take('+')) {
            all = Regex.repeat(one, 1, Regex.UNBOUNDED);
        } else if (take('?')) {
            all = Regex.optional(one);
        } else if (take('{')) {
            int min = number();
            int max = min;
            if (take(',')) {
                max = at < text.length && text[at] == '}' ? Regex.UNBOUNDED : number();
            }
            check(take('}'), "a count is {n}, {n,} or {n,m}");
            check(max == Regex.UNBOUNDED || min <= max, "a count goes up");
            all = Regex.repeat(one, min, max);
        }
        if (at > begun && at < text.length) {
            check(text[at] != '?', "a lazy count is not supported");
            check(text[at] != '+', "a possessive count is not supported");
            check(text[at] != '*' && text[at] != '{', "a count follows a count");
        }
        return all;
    }

    private int number() {
        int begun = at;
        long number = 0;
        while (at < text.length && text[at] >= '0' && text[at] <= '9' && number <= MOST_REPEATS) {
            number = 10 * number + text[at++] - '0';
        }
        check(at > begun, "a count is {n}, {n,} or {n,m}");
        check(number <= MOST_REPEATS, "a count is at most " + MOST_REPEATS);
        return (int) number;
    }

    private Regex one() {
        int c = text[at++];
        switch (c) {
            case '(' -> {
                check(++depth <= DEEPEST, "groups are nested over " + DEEPEST + " deep");
                if (take('?')) {
                    check(
                            take(':'),
                            "of the groups with ?, only (?:…) is supported: no look-ahead, look-behind, name or flag");
                }
                Regex inner = alternatives();
                check(take(')'), at < text.length ? "^ and $ stand at the ends only" : "a group is not closed");
                depth--;
                return inner;
            }
            case '[' -> {
                return spelling.apply(set());
            }
            case '.' -> {
                return spelling.apply(CodePoints.ALL.without(LINE_END));
            }
            case '\\' -> {
                return spelling.apply(escaped(false));
            }
            case '*', '+', '?', '{' -> throw fault(at - 1, "a count has nothing before it");
            case '^' -> throw fault(at - 1, "^ and $ stand at the ends only");
            default -> {
                return spelling.apply(CodePoints.of(c));
            }
        }
    }

    private CodePoints set() {
        boolean negated = take('^');
        CodePoints all = CodePoints.of();
        while (true) {
            check(at < text.length, "a [ is not closed");
            if (take(']')) {
                return negated ? CodePoints.ALL.without(all) : all;
            }
            check(!(text[at] == '&' && at + 1 < text.length && text[at + 1] == '&'), "&& in a set is not supported");
            check(text[at] != '[', "a [ within a set is written \\[");
            int begun = at;
            CodePoints from = member();
            if (at + 1 < text.length && text[at] == '-' && text[at + 1] != ']') {
                at++;
                int low = only(from, begun);
                int end = at;
                int high = only(member(), end);
                check(low <= high, "a range goes up");
                from = CodePoints.range(low, high);
            }
            all = all.or(from);
        }
    }

    private CodePoints member() {
        check(at < text.length, "a [ is not closed");
        int c = text[at++];
        return c == '\\' ? escaped(true) : CodePoints.of(c);
    }

    private int only(CodePoints set, int where) {
        int c = set.only();
        if (c < 0) {
            throw fault(where, "a range is between two characters");
        }
        return c;
    }

    private CodePoints escaped(boolean inSet) {
        check(at < text.length, "a \\ has nothing behind it");
        int c = text[at++];
        return switch (c) {
            case 'd' -> DIGIT;
            case 'D' -> CodePoints.ALL.without(DIGIT);
            case 'w' -> WORD;
            case 'W' -> CodePoints.ALL.without(WORD);
            case 's' -> SPACE;
            case 'S' -> CodePoints.ALL.without(SPACE);
            case 'n' -> CodePoints.of('\n');
            case 'r' -> CodePoints.of('\r');
            case 't' -> CodePoints.of('\t');
            case 'f' -> CodePoints.of('\f');
            case 'v' -> CodePoints.of(0x0B);
            case 'x' -> CodePoints.of(hex(2));
            case 'u' -> CodePoints.of(unicode());
            case 'p', 'P' -> property(c == 'P');
            case 'b', 'B' -> {
                if (inSet && c == 'b') {
                    yield CodePoints.of('\b');
                }
                throw fault(at - 2, "a border of words, \\" + Character.toString(c) + ", is not supported");
            }
            default -> {
                if (c >= '1' && c <= '9' || c == 'k') {
                    throw fault(at - 2, "a reference back is not supported");
                }
                if (c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z') {
                    throw fault(at - 2, "the escape \\" + Character.toString(c) + " is not supported");
                }
                yield CodePoints.of(c);
            }
        };
    }

    private int hex(int digits) {
        int value = 0;
        for (int i = 0; i < digits; i++) {
            int digit = at < text.length && text[at] < 128 ? Character.digit(text[at], 16) : -1;
            check(digit >= 0, "\\x has two hexadecimal digits and \\u four");
            value = 16 * value + digit;
            at++;
        }
        return value;
    }

    /// Also a pair of surrogates, as JSON writes what lies above FFFF.
    private int unicode() {
        int high = hex(4);
        if (high >= Character.MIN_HIGH_SURROGATE
                && high <= Character.MAX_HIGH_SURROGATE
                && at + 1 < text.length
                && text[at] == '\\'
                && text[at + 1] == 'u') {
            int behind = at;
            at += 2;
            int low = hex(4);
            if (low >= Character.MIN_LOW_SURROGATE && low <= Character.MAX_LOW_SURROGATE) {
                return Character.toCodePoint((char) high, (char) low);
            }
            at = behind; // a character of its own
        }
        return high;
    }

    private CodePoints property(boolean negated) {
        int begun = at - 2;
        StringBuilder name = new StringBuilder();
        if (take('{')) {
            while (at < text.length && text[at] != '}') {
                name.appendCodePoint(text[at++]);
            }
        }
        check(take('}') && name.toString().matches("[A-Za-z_]+"), "a property is written \\p{Lu}");
        try {
            CodePoints set = PROPERTIES.computeIfAbsent(name.toString(), RegexSyntax::having);
            return negated ? CodePoints.ALL.without(set) : set;
        } catch (PatternSyntaxException unknown) {
            throw fault(begun, "the property " + name + " is not known");
        }
    }

    private static CodePoints having(String property) {
        if (property.startsWith("java")) {
            throw new PatternSyntaxException("Java's own", property, 0);
        }
        // with Unicode's classes: Alpha of all scripts, where Java has ASCII's
        Matcher has = Pattern.compile("\\p{" + property + "}", Pattern.UNICODE_CHARACTER_CLASS)
                .matcher("");
        return CodePoints.where(c -> has.reset(Character.toString(c)).matches());
    }

    private boolean take(int c) {
        boolean there = at < text.length && text[at] == c;
        at += there ? 1 : 0;
        return there;
    }

    private void check(boolean holds, String reason) {
        if (!holds) {
            throw fault(at, reason);
        }
    }

    private ConfigException fault(int where, String reason) {
        return ConfigException.of(
                "regular expression %s, character %d: %s", Printable.value(source), where + 1, reason);
    }
}
