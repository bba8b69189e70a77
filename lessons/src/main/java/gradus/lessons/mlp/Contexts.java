package gradus.lessons.mlp;

import java.util.ArrayList;
import java.util.List;

/// What a model of a fixed context learns from.
public final class Contexts {
    private Contexts() {}

    /// The examples that words make: each symbol of a word, its end included, together with the `block`
    /// symbols before it. Symbol 0 is the edge of a word, 1 to 26 are a to z. Before a word's first letter
    /// stand edges only: nothing of another word. A word of n letters makes n + 1 examples, the last of which
    /// has the target 0.
    ///
    /// @param words of the letters a to z
    /// @param block at least 1
    /// @return one row for each example, in the order of the words: the block symbols of the context, the
    ///     oldest first, and then the target
    public static int[][] examples(List<String> words, int block) {
        // --- your answer
        List<int[]> rows = new ArrayList<>();
        for (String word : words) {
            int[] window = new int[block + 1]; // the context, and the target
            for (int i = 0; i <= word.length(); i++) {
                System.arraycopy(window, 1, window, 0, block);
                window[block] = i < word.length() ? word.charAt(i) - 'a' + 1 : 0;
                rows.add(window.clone());
            }
        }
        return rows.toArray(new int[0][]);
        // ---
    }
}
