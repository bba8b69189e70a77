package gradus.train.generate.constrain;

import java.util.ArrayList;
import java.util.List;

/// The characters of strings as JSON spells them. Each has one spelling only: a quote, a backslash and a
/// control character are escaped, all others are themselves. So what is asked of the characters of a string can
/// be asked of its text.
final class JsonStrings {
    private static final CodePoints CONTROLS = CodePoints.range(0, 0x1F);
    private static final CodePoints ESCAPED = CONTROLS.or(CodePoints.of('"', '\\'));
    private static final String SHORT = "\b\t\n\f\r\"\\";
    private static final String LETTERS = "btnfr\"\\";
    private static final Regex QUOTE = Regex.bytes('"', '"');
    private static final Regex CHARACTER = character(CodePoints.ALL);

    private JsonStrings() {}

    /// One character out of a set.
    static Regex character(CodePoints set) {
        List<Regex> either = new ArrayList<>();
        either.add(set.without(ESCAPED).utf8());
        for (int c = 0; c <= '\\'; c++) {
            if (ESCAPED.contains(c) && set.contains(c)) {
                either.add(CodePoints.literal(escape(c)));
            }
        }
        return Regex.or(either);
    }

    private static String escape(int c) {
        int letter = SHORT.indexOf(c);
        if (letter >= 0) {
            return "\\" + LETTERS.charAt(letter);
        }
        return "\\u00" + Character.forDigit(c >> 4, 16) + Character.forDigit(c & 15, 16);
    }

    /// A string that is this one.
    static Regex literal(String text) {
        StringBuilder spelled = new StringBuilder();
        text.codePoints().forEach(c -> spelled.append(ESCAPED.contains(c) ? escape(c) : Character.toString(c)));
        return quoted(CodePoints.literal(spelled.toString()));
    }

    /// All strings of a length in characters.
    ///
    /// @param pattern what is to be found in them, or null
    static Regex of(int minLength, int maxLength, String pattern) {
        Regex lengths = maxLength == Regex.UNBOUNDED || minLength <= maxLength
                ? Regex.repeat(CHARACTER, minLength, maxLength)
                : Regex.NOTHING;
        return quoted(
                pattern == null ? lengths : Regex.and(lengths, RegexSyntax.search(pattern, JsonStrings::character)));
    }

    private static Regex quoted(Regex content) {
        return Regex.concat(List.of(QUOTE, content, QUOTE));
    }
}
