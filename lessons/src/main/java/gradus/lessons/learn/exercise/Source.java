package gradus.lessons.learn.exercise;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The text of an answer: what stands before its gap, in it, and after it.
///
/// @param head up to and with the line before the gap
/// @param body the gap's lines
/// @param tail the lines after it
public record Source(String head, String body, String tail) {
    /// The line before the gap, without its indentation.
    public static final String BEGIN = "// --- your answer";
    /// The line after the gap.
    public static final String END = "// ---";

    private static final Pattern GIVEN = Pattern.compile("(?m)^import (?:static )?(gradus\\.lessons\\.[\\w.]+);");

    static Source of(String text) {
        List<String> lines = text.lines().toList();
        int begin = lineOf(lines, BEGIN);
        int end = lineOf(lines, END);
        if (begin < 0 || end < begin) {
            throw new IllegalStateException("an answer must hold the lines `%s` and `%s`".formatted(BEGIN, END));
        }
        return new Source(
                joined(lines.subList(0, begin)),
                joined(lines.subList(begin + 1, end)),
                joined(lines.subList(end + 1, lines.size())));
    }

    private static int lineOf(List<String> lines, String text) {
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).strip().equals(text)) {
                return i;
            }
        }
        return -1;
    }

    private static String joined(List<String> lines) {
        return lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
    }

    /// The whole text with another body.
    public String with(String other) {
        return head + (other.isEmpty() || other.endsWith("\n") ? other : other + "\n") + tail;
    }

    /// The whole text in another package.
    public static String inPackage(String text, String name) {
        return text.replaceFirst("(?m)^package [\\w.]+;", "package " + name + ";");
    }

    /// The classes of the course that the text imports: these are given to the learner.
    public Set<String> given() {
        return GIVEN.matcher(head).results().map(found -> found.group(1)).collect(Collectors.toUnmodifiableSet());
    }

    /// What the learner gets: the gap holds a line that says so when it runs.
    public String stub(String name) {
        String indent = body.isBlank()
                ? "        "
                : body.lines()
                        .filter(line -> !line.isBlank())
                        .findFirst()
                        .orElse("")
                        .replaceFirst("\\S.*", "");
        return with(indent + "throw new UnsupportedOperationException(\"" + name + " is not written yet\");\n");
    }
}
