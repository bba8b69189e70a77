package gradus.lessons.cloze;

import java.util.Arrays;

/// Tokens hidden from a masked-language model.
public final class MaskTokens {
    private MaskTokens() {}

    /// Token i is **chosen** if `chance[i] < rate` and it is no special token; special are the ids below
    /// `specials`. A chosen token is to be predicted: its label is what it was; every other label is -100. What
    /// the model sees in its place depends on `kind[i]`:
    /// - below 0.8: the token `mask`,
    /// - from 0.8 to below 0.9: the token `random[i]`,
    /// - from 0.9: the token itself, unchanged. It is to be predicted all the same.
    ///
    /// Tokens that are not chosen are seen as they are.
    ///
    /// @param chance evenly distributed between 0 and 1
    /// @param kind   evenly distributed between 0 and 1
    /// @param random tokens drawn by lot
    /// @return two rows: what the model sees, and the labels
    public static int[][] mask(
            int[] ids, double[] chance, double[] kind, int[] random, double rate, int mask, int specials) {
        int[] seen = ids.clone();
        int[] labels = new int[ids.length];
        Arrays.fill(labels, -100);
        // --- your answer
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] < specials || chance[i] >= rate) {
                continue;
            }
            labels[i] = ids[i];
            if (kind[i] < 0.8) {
                seen[i] = mask;
            } else if (kind[i] < 0.9) {
                seen[i] = random[i];
            }
        }
        return new int[][] {seen, labels};
        // ---
    }
}
