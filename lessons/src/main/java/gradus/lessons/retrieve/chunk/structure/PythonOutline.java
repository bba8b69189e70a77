package gradus.lessons.retrieve.chunk.structure;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Python source: classes and functions by their indentation, each with its decorators. The path is `Class`,
/// `method`. Strings over several lines, brackets and comments hide what looks like a definition.
public final class PythonOutline implements Outline {
    private static final Pattern DEFINITION = Pattern.compile("(?:class|def|async\\s+def)\\s+(\\w+).*", Pattern.DOTALL);
    private static final int TAB = 8;

    @Override
    public List<Part> parts(String document) {
        List<Part> parts = new ArrayList<>();
        Headings open = new Headings();
        PythonLines lines = new PythonLines(document);
        int decorator = -1;
        boolean inside = false; // a definition's body, or what follows it
        while (lines.next()) {
            String line = lines.text().strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            int level = indentation(lines.text());
            if (line.startsWith("@")) {
                decorator = decorator < 0 ? lines.start() : decorator;
                continue;
            }
            Matcher definition = DEFINITION.matcher(line);
            if (definition.matches()) {
                int start = decorator < 0 ? lines.start() : decorator;
                parts.add(new Part(start, open.enter(level, definition.group(1))));
                inside = true;
            } else if (inside) {
                int before = open.path().size();
                open.leave(level);
                if (open.path().size() < before) {
                    parts.add(new Part(lines.start(), open.path()));
                }
                inside = !open.path().isEmpty();
            }
            decorator = -1;
        }
        return parts;
    }

    private static int indentation(String line) {
        int level = 0;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '\t') {
                level += TAB - level % TAB;
            } else if (c == ' ') {
                level++;
            } else {
                break;
            }
        }
        return level;
    }
}
