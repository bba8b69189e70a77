package gradus.lessons.learn.cli;

import gradus.lessons.learn.exercise.Exercise;
import java.util.ArrayList;
import java.util.List;

/// What an exercise asks for, taken from the text of the learner's file.
final class Task {
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
                lines.add(text.substring(3).replaceFirst("^ ", ""));
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
}
