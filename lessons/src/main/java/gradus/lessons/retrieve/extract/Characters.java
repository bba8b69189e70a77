package gradus.lessons.retrieve.extract;

/// Text that can be kept: files of some formats can hold halves of characters and control characters.
final class Characters {
    private static final char REPLACEMENT = '\uFFFD';

    private Characters() {}

    /// With U+FFFD in place of surrogates that stand alone, and a space in place of each NUL; of the same
    /// length.
    static String whole(String text) {
        StringBuilder whole = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean pair = Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1));
            if (pair) {
                i++;
            } else if (Character.isSurrogate(c) || c == 0) {
                whole = whole == null ? new StringBuilder(text) : whole;
                whole.setCharAt(i, c == 0 ? ' ' : REPLACEMENT);
            }
        }
        return whole == null ? text : whole.toString();
    }
}
