package gradus.lessons.sparse;

import gradus.tensor.Tensor;

/// Who sees whom in the shifted heads of S² attention, without the leak.
public final class ShiftedMask {
    private ShiftedMask() {}

    /// 1 where query i may see key j, 0 where it may not, for the heads whose groups begin half a group
    /// early: the first group holds places 0 to G/2 − 1 alone, the next one G/2 to G/2 + G − 1, and so on;
    /// the last one may be cut short. A token sees itself and what came before it **within its group**. The
    /// first and the last tokens are not one group, although rolling puts them side by side.
    ///
    /// **Shapes** → (T, T)
    ///
    /// @param time  T, any number from 1
    /// @param group G, even
    public static Tensor shifted(int time, int group) {
        // --- your answer
        float[] seen = new float[time * time];
        for (int i = 0; i < time; i++) {
            for (int j = 0; j <= i; j++) {
                boolean together = (i + group / 2) / group == (j + group / 2) / group;
                seen[i * time + j] = together ? 1 : 0;
            }
        }
        return Tensor.of(seen, time, time);
        // ---
    }
}
