package gradus.lessons.masks;

import gradus.tensor.Tensor;

/// Texts of unequal length in one batch.
public final class PaddedMask {
    private PaddedMask() {}

    /// Text b has `lengths[b]` tokens and stands at the **left** of its row of T places; the places after it
    /// are padding. 1 where query i of text b may see key j, 0 where it may not: causal (a token sees itself
    /// and what came before), and no one sees a key that is padding. What the rows of padding queries hold
    /// counts too: they follow the same rule, so that each of them sees all tokens of its text.
    ///
    /// **Shapes** → (B, 1, T, T): the axis of size 1 broadcasts over the heads
    ///
    /// @param lengths B numbers from 0 to T
    /// @param time    T
    public static Tensor mask(int[] lengths, int time) {
        // --- your answer
        float[] seen = new float[lengths.length * time * time];
        for (int b = 0; b < lengths.length; b++) {
            for (int i = 0; i < time; i++) {
                for (int j = 0; j <= i && j < lengths[b]; j++) {
                    seen[(b * time + i) * time + j] = 1;
                }
            }
        }
        return Tensor.of(seen, lengths.length, 1, time, time);
        // ---
    }
}
