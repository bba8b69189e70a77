package gradus.lessons.bigram;

import java.util.List;

/// Which letter follows which.
public final class BigramCounts {
    private BigramCounts() {}

    /// How often each of 27 symbols follows each. Symbol 0 is the edge of a word, 1 to 26 are a to z. A word
    /// of n letters is n + 1 pairs: the edge and its first letter, every letter and the next, its last letter
    /// and the edge. An empty word is one pair: the edge and the edge.
    ///
    /// @param words of the letters a to z
    /// @return 27 rows of 27 numbers: in row i, column j, how often j came right after i
    public static double[][] counts(List<String> words) {
        // --- your answer
        double[][] counts = new double[27][27];
        for (String word : words) {
            int before = 0;
            for (int i = 0; i < word.length(); i++) {
                int letter = word.charAt(i) - 'a' + 1;
                counts[before][letter]++;
                before = letter;
            }
            counts[before][0]++;
        }
        return counts;
        // ---
    }
}
