package gradus.lessons.retrieve.chunk;

/// A part of a text: from char `start` to the one before `end`.
public record Span(int start, int end) {
    /// The span without spaces at its ends; empty if there is nothing else.
    public Span trimmed(String text) {
        int from = start;
        int to = end;
        while (from < to && Spaces.isSpace(text.charAt(from))) {
            from++;
        }
        while (to > from && Spaces.isSpace(text.charAt(to - 1))) {
            to--;
        }
        return new Span(from, to);
    }

    public boolean isEmpty() {
        return start >= end;
    }
}
