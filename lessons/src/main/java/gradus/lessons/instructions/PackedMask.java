package gradus.lessons.instructions;

import gradus.tensor.Tensor;

/// Who sees whom where several conversations share a row.
public final class PackedMask {
    private PackedMask() {}

    /// The row holds conversations one after the other, of the lengths given, and padding up to `width`. 1 where
    /// the query (row) sees the key (column), 0 where not: a token sees itself and what came before it **in its
    /// own conversation**, nothing of another. A place of the padding sees itself alone, so that no row of the
    /// mask is empty.
    ///
    /// **Shapes** → (width, width)
    ///
    /// @param lengths each 1 or more, together at most `width`; there may be none
    public static Tensor mask(int[] lengths, int width) {
        // --- your answer
        float[] seen = new float[width * width];
        int start = 0; // of the conversation of place i
        int which = 0;
        for (int i = 0; i < width; i++) {
            while (which < lengths.length && i == start + lengths[which]) {
                start = i;
                which++;
            }
            int first = which < lengths.length ? start : i;
            for (int j = first; j <= i; j++) {
                seen[i * width + j] = 1;
            }
        }
        return Tensor.of(seen, width, width);
        // ---
    }
}
