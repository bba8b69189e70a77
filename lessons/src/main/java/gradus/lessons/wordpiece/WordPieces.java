package gradus.lessons.wordpiece;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// One word cut into pieces of a vocabulary.
public final class WordPieces {
    private WordPieces() {}

    /// Greedy: the longest piece of the vocabulary that the word begins with, then the longest that the rest
    /// begins with, and so on to the end. Pieces that do not begin the word are written with `##` in front,
    /// in the vocabulary and in the result: "playing" may become `play`, `##ing`. Nothing is taken back once
    /// chosen: if at some place no piece fits, **the whole word** becomes the one piece `[UNK]`.
    ///
    /// A word of no letters has no pieces: an empty list. No word has a character beyond U+FFFF, and none
    /// contains `#`.
    ///
    /// @return a new list
    public static List<String> pieces(String word, Set<String> vocabulary) {
        // --- your answer
        List<String> pieces = new ArrayList<>();
        int from = 0;
        while (from < word.length()) {
            String prefix = from == 0 ? "" : "##";
            int to = word.length();
            while (to > from && !vocabulary.contains(prefix + word.substring(from, to))) {
                to--;
            }
            if (to == from) {
                return List.of("[UNK]");
            }
            pieces.add(prefix + word.substring(from, to));
            from = to;
        }
        return pieces;
        // ---
    }
}
