package gradus.lessons.prompt.react;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a model wants to do: `tool[input]`.
///
/// @param tool in small letters
record Action(String tool, String input) {
    private static final Pattern WRITTEN = Pattern.compile("\\s*([\\p{L}\\p{N}_-]+)\\s*\\[(.*)\\]\\s*[.]?\\s*");

    /// The action in the first line of a text that is not blank; empty if it is none.
    static Optional<Action> parse(String text) {
        String line = text.lines().filter(each -> !each.isBlank()).findFirst().orElse("");
        Matcher written = WRITTEN.matcher(line);
        return written.matches()
                ? Optional.of(new Action(
                        written.group(1).toLowerCase(Locale.ROOT),
                        written.group(2).strip()))
                : Optional.empty();
    }
}
