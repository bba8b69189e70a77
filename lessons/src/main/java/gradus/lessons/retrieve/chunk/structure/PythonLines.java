package gradus.lessons.retrieve.chunk.structure;

/// The logical lines of Python source: one goes on while a bracket or a string over several lines is open, and
/// behind a backslash.
final class PythonLines {
    private final String source;
    private int start;
    private int end;

    PythonLines(String source) {
        this.source = source;
    }

    /// Goes to the next line, if there is one.
    boolean next() {
        start = end;
        int depth = 0;
        while (end < source.length()) {
            char c = source.charAt(end);
            if (c == '"' || c == '\'') {
                end = stringEnd(end);
                continue;
            }
            if (c == '#') {
                int line = source.indexOf('\n', end);
                end = line < 0 ? source.length() : line;
                continue;
            }
            end += c == '\\' ? 2 : 1;
            if ("([{".indexOf(c) >= 0) {
                depth++;
            } else if (")]}".indexOf(c) >= 0) {
                depth = Math.max(0, depth - 1);
            } else if (c == '\n' && depth == 0) {
                break;
            }
        }
        end = Math.min(end, source.length());
        return start < end;
    }

    /// Behind the string that begins here. One of a single line ends with the line at the latest.
    private int stringEnd(int from) {
        char quote = source.charAt(from);
        String mark = String.valueOf(quote);
        boolean isLong = source.startsWith(mark.repeat(3), from);
        String close = isLong ? mark.repeat(3) : mark;
        int i = from + close.length();
        while (i < source.length()) {
            if (source.startsWith(close, i)) {
                return i + close.length();
            }
            if (!isLong && source.charAt(i) == '\n') {
                return i;
            }
            i += source.charAt(i) == '\\' ? 2 : 1;
        }
        return source.length();
    }

    String text() {
        return source.substring(start, end);
    }

    int start() {
        return start;
    }
}
