package gradus.lessons.retrieve.chunk.structure;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// LaTeX: what stands under `\part`, `\chapter`, `\section` and so on down to `\subparagraph`, by the titles.
/// Comments and `verbatim` are not read.
public final class LatexOutline implements Outline {
    private static final List<String> LEVELS =
            List.of("part", "chapter", "section", "subsection", "subsubsection", "paragraph", "subparagraph");
    private static final int LONGEST = 1000; // title, so that braces never closed are not looked for again and again
    private static final Pattern MARK = Pattern.compile(
            "\\\\\\\\|\\\\%|%|\\\\begin\\{(verbatim\\*?|lstlisting)\\}|"
                    + "\\\\(part|chapter|section|subsection|subsubsection|paragraph|subparagraph)\\*?\\s*(\\[[^\\]]{0,999}\\])?\\{");

    @Override
    public List<Part> parts(String document) {
        List<Part> parts = new ArrayList<>();
        Headings headings = new Headings();
        Matcher mark = MARK.matcher(document);
        int from = 0;
        while (from <= document.length() && mark.find(from)) {
            from = mark.end();
            if (mark.group().equals("%")) {
                from = behind(document, "\n", from);
            } else if (mark.group(1) != null) {
                from = behind(document, "\\end{" + mark.group(1) + "}", from);
            } else if (mark.group(2) != null) {
                int close = close(document, from);
                String title = document.substring(from, close).strip().replaceAll("\\s+", " ");
                parts.add(new Part(mark.start(), headings.enter(LEVELS.indexOf(mark.group(2)), title)));
            }
        }
        return parts;
    }

    private static int behind(String document, String what, int from) {
        int found = document.indexOf(what, from);
        return found < 0 ? document.length() : found + what.length();
    }

    /// The brace that closes the title, or the end of its line where none does.
    private static int close(String document, int from) {
        int depth = 1;
        int most = Math.min(document.length(), from + LONGEST);
        for (int i = from; i < most; i++) {
            char c = document.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '{') {
                depth++;
            } else if (c == '}' && --depth == 0) {
                return i;
            }
        }
        int line = document.indexOf('\n', from);
        return line < 0 || line > most ? most : line;
    }
}
