package gradus.lessons.cache;

/// Which position each new token has.
public final class CachedPositions {
    private CachedPositions() {}

    /// Texts of unequal length stand in one batch, **padded at the left**, so that all of them end in the
    /// same column: text b's row begins with `padding[b]` places of padding. The cache holds `cached` columns
    /// of every row already (padding included), and `fresh` new columns come now. Gives the position of each
    /// new column for each text: 0 for the text's first token, 1 for the next, and so on; a column that is
    /// padding has position 0.
    ///
    /// **Shapes** → (B, fresh)
    ///
    /// @param padding B numbers
    public static int[][] positions(int[] padding, int cached, int fresh) {
        // --- your answer
        int[][] positions = new int[padding.length][fresh];
        for (int b = 0; b < padding.length; b++) {
            for (int i = 0; i < fresh; i++) {
                positions[b][i] = Math.max(0, cached + i - padding[b]);
            }
        }
        return positions;
        // ---
    }
}
