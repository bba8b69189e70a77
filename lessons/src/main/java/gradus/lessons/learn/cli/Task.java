package gradus.lessons.learn.cli;

import gradus.lessons.learn.exercise.Exercise;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// What an exercise asks for, taken from the text of the learner's file.
final class Task {
    private static final Pattern TAGGED = Pattern.compile("(?:Argument \\S+:|Gives|Throws) ");

    private Task() {}

    /// The documentation comments before the gap, and the head of the method that holds it.
    static List<String> lines(Exercise exercise) {
        List<String> lines = new ArrayList<>();
        boolean comment = false;
        List<String> code = new ArrayList<>();
        for (String line : exercise.source().head().lines().toList()) {
            String text = line.strip();
            if (text.startsWith("///")) {
                if (!comment && !lines.isEmpty()) {
                    lines.add("");
                }
                add(lines, text.substring(3).replaceFirst("^ ", ""));
                code.clear();
                comment = true;
            } else {
                comment = false;
                code.add(line);
            }
        }
        lines.add("");
        String indent = code.isEmpty() ? "" : code.getFirst().replaceFirst("\\S.*", "");
        code.removeIf(String::isBlank);
        code.forEach(line -> lines.add("    " + (line.startsWith(indent) ? line.substring(indent.length()) : line)));
        return lines;
    }

    /// As wide as the comments stand in the files.
    private static final int WIDTH = 112;

    /// A tag becomes a sentence, and what follows it indented goes on in the same line.
    private static void add(List<String> lines, String text) {
        String last = lines.isEmpty() ? "" : lines.getLast();
        if (text.startsWith("  ") && TAGGED.matcher(last).lookingAt()) {
            if (last.length() + text.strip().length() < WIDTH) {
                lines.set(lines.size() - 1, last + " " + text.strip());
            } else {
                lines.add("    " + text.strip());
            }
            return;
        }
        lines.add(text.replaceFirst("^@param (\\S+) +", "Argument $1: ")
                .replaceFirst("^@return +", "Gives ")
                .replaceFirst("^@throws +", "Throws "));
    }
}
