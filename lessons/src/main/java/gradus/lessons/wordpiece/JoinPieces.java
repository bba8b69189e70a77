package gradus.lessons.wordpiece;

import java.util.List;

/// From pieces back to a text.
public final class JoinPieces {
    private JoinPieces() {}

    /// Words stand apart by one space. A piece that begins with `##` belongs to the word before it: it is
    /// added without a space and without these two signs. Every other piece begins a new word and is taken as
    /// it is, even if it holds `##` further on. A piece that is `##` alone adds nothing. If the very first
    /// piece begins with `##`, it begins the text, again without the two signs. No space stands at the
    /// beginning or the end.
    public static String join(List<String> pieces) {
        // --- your answer
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < pieces.size(); i++) {
            String piece = pieces.get(i);
            if (piece.startsWith("##")) {
                text.append(piece.substring(2));
            } else {
                text.append(text.isEmpty() ? "" : " ").append(piece);
            }
        }
        return text.toString();
        // ---
    }
}
