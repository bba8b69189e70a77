package gradus.lessons.retrieve.index;

import static gradus.error.ConfigException.require;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Cuts at empty lines, and joins paragraphs as long as they fit together. A paragraph that is too long by
/// itself is cut at white space, and where there is none, in the middle of a word.
///
/// @param size the most characters of a piece
public record Paragraphs(int size) implements Splitter {
    private static final Pattern EMPTY_LINES = Pattern.compile("(?>\\r\\n|[\\r\\n])[ \\t]*[\\r\\n]\\s*");

    /// @throws gradus.error.ConfigException unless size ≥ 2: a character outside the basic plane takes two
    public Paragraphs {
        require(size >= 2, "the size of a piece must be at least 2 characters; got %d", size);
    }

    @Override
    public List<Span> split(String text) {
        List<Span> pieces = new ArrayList<>();
        Matcher gap = EMPTY_LINES.matcher(text);
        int start = 0; // of the piece that grows
        int end = 0; // of it, so far
        int next = 0; // where the paragraph begins
        while (next < text.length()) {
            boolean found = gap.find();
            int stop = found ? gap.start() : text.length();
            if (stop - start > size) {
                add(text, start, end, pieces);
                start = next;
            }
            end = stop;
            next = found ? gap.end() : text.length();
        }
        add(text, start, end, pieces);
        return pieces;
    }

    /// Adds a piece without the white space around it, in several if it is too long.
    private void add(String text, int from, int to, List<Span> pieces) {
        int start = from;
        int end = to;
        while (start < end) {
            while (start < end && Character.isWhitespace(text.charAt(start))) {
                start++;
            }
            while (end > start && Character.isWhitespace(text.charAt(end - 1))) {
                end--;
            }
            if (start == end) {
                return;
            }
            int cut = end - start <= size ? end : cut(text, start);
            int last = cut;
            while (Character.isWhitespace(text.charAt(last - 1))) {
                last--;
            }
            pieces.add(new Span(start, last));
            start = cut;
        }
    }

    /// The last place behind white space within the size, or else the size, not between two halves of a
    /// character.
    private int cut(String text, int start) {
        int furthest = start + size;
        if (Character.isWhitespace(text.charAt(furthest))) {
            return furthest;
        }
        for (int i = furthest; i > start + 1; i--) {
            if (Character.isWhitespace(text.charAt(i - 1))) {
                return i;
            }
        }
        boolean halves = Character.isHighSurrogate(text.charAt(furthest - 1));
        return halves ? furthest - 1 : furthest;
    }
}
