package gradus.lessons.prompt.react;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a model wants to do: `tool[input]`.
///
/// @param tool in small letters
record Action(String tool, String input) {
    private static final Pattern BEGIN = Pattern.compile("\\s*([\\p{L}\\p{N}_-]+)\\s*\\[");

    /// The action with which the first line of a text that is not blank begins; empty if it begins with none.
    /// The input ends at the bracket that closes the first one; where brackets do not match, at the last one.
    static Optional<Action> parse(String text) {
        String line = text.lines().filter(each -> !each.isBlank()).findFirst().orElse("");
        Matcher begin = BEGIN.matcher(line);
        int close = begin.lookingAt() ? close(line, begin.end()) : -1;
        return close < 0
                ? Optional.empty()
                : Optional.of(new Action(
                        begin.group(1).toLowerCase(Locale.ROOT),
                        line.substring(begin.end(), close).strip()));
    }

    private static int close(String line, int from) {
        int open = 1;
        for (int i = from; i < line.length(); i++) {
            open += line.charAt(i) == '[' ? 1 : line.charAt(i) == ']' ? -1 : 0;
            if (open == 0) {
                return i;
            }
        }
        int last = line.lastIndexOf(']');
        return last >= from ? last : -1;
    }
}
