package gradus.train.run.compare;

import java.util.ArrayList;
import java.util.List;

/// A table as text, in Markdown, its columns below each other.
public final class TextTable {
    private final List<List<String>> rows = new ArrayList<>();

    /// @param heading of each column
    public TextTable(List<String> heading) {
        rows.add(heading);
    }

    /// @param cells as many as there are columns
    public void add(List<String> cells) {
        rows.add(cells.stream().map(each -> each.replace("|", "\\|")).toList());
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        int columns = rows.getFirst().size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(
                        widths[i], row.get(i).codePointCount(0, row.get(i).length()));
            }
        }
        for (int r = 0; r < rows.size(); r++) {
            line(text, rows.get(r), widths);
            if (r == 0) {
                for (int width : widths) {
                    text.append("|").append("-".repeat(width + 2));
                }
                text.append("|\n");
            }
        }
        return text.toString();
    }

    private static void line(StringBuilder text, List<String> row, int... widths) {
        for (int i = 0; i < widths.length; i++) {
            String cell = row.get(i);
            text.append("| ").append(cell).append(" ".repeat(widths[i] - cell.codePointCount(0, cell.length()) + 1));
        }
        text.append("|\n");
    }
}
