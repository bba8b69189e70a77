package gradus.lessons.instructions;

import java.util.Arrays;

/// Several conversations in one row: what goes in, what is to come out, and where each token stands.
public final class PackedRow {
    private PackedRow() {}

    /// The conversations stand one after the other, the first at the start, and the rest of the row is padding.
    /// The result holds three rows of `width` numbers:
    /// - the **inputs**: the tokens, and `padding` where there are none;
    /// - the **targets**: what place p is to predict, which is the *label* of the next token of the **same**
    ///   conversation. The last token of a conversation has none, -100, and so has padding;
    /// - the **positions**: they start from 0 in every conversation; 0 in the padding.
    ///
    /// @param ids    the tokens of each conversation, together at most `width`
    /// @param labels for each token itself or -100; not shifted yet
    public static int[][] pack(int[][] ids, int[][] labels, int width, int padding) {
        int[] inputs = new int[width];
        int[] targets = new int[width];
        int[] positions = new int[width];
        Arrays.fill(inputs, padding);
        Arrays.fill(targets, -100);
        // --- your answer
        int at = 0;
        for (int which = 0; which < ids.length; which++) {
            for (int i = 0; i < ids[which].length; i++) {
                inputs[at] = ids[which][i];
                if (i + 1 < ids[which].length) {
                    targets[at] = labels[which][i + 1];
                }
                positions[at] = i;
                at++;
            }
        }
        return new int[][] {inputs, targets, positions};
        // ---
    }
}
