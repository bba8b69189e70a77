package gradus.lessons.retrieve.chunk;

/// What counts as a space: what Python's `str.isspace` does, line breaks and no-break spaces included. All of
/// them are single chars.
public final class Spaces {
    private static final char NEXT_LINE = '\u0085';

    private Spaces() {}

    public static boolean isSpace(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == NEXT_LINE;
    }

    /// Whether the text would be cut through a surrogate pair at this place.
    public static boolean insidePair(String text, int place) {
        return place > 0
                && place < text.length()
                && Character.isLowSurrogate(text.charAt(place))
                && Character.isHighSurrogate(text.charAt(place - 1));
    }
}
