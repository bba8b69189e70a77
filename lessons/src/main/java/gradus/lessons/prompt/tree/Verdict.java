package gradus.lessons.prompt.tree;

import java.util.Locale;
import java.util.regex.Pattern;

/// What a model says of a state's prospects.
final class Verdict {
    private static final Pattern AROUND = Pattern.compile("^(?:\\s*Verdict\\s*:)?[^\\p{L}]*|[^\\p{L}]+$");

    private Verdict() {}

    /// 20 for `sure`, 1 for `likely`, 0.001 for `impossible`, as in the published program; 0 for anything else.
    /// The word must be all of the last line, up to its case, marks such as `.` and `*`, and `Verdict:` in
    /// front: `I am not sure` is worth nothing.
    static double value(String answer) {
        String[] lines = answer.strip().split("\\R");
        String word = AROUND.matcher(lines[lines.length - 1]).replaceAll("").toLowerCase(Locale.ROOT);
        return switch (word) {
            case "sure" -> 20;
            case "likely" -> 1;
            case "impossible" -> 0.001;
            default -> 0;
        };
    }
}
