package gradus.lessons.masks;

import gradus.tensor.Tensor;

/// A causal mask that looks back only so far.
public final class SlidingMask {
    private SlidingMask() {}

    /// 1 where query i may see key j, 0 where it may not: a token sees the last `window` tokens, itself
    /// included. With a window of 1 it sees itself only. Causal: nobody sees what follows.
    ///
    /// **Shapes** → (T, T)
    ///
    /// @param window at least 1; may be larger than T
    public static Tensor sliding(int time, int window) {
        // --- your answer
        float[] seen = new float[time * time];
        for (int i = 0; i < time; i++) {
            for (int j = Math.max(0, i - window + 1); j <= i; j++) {
                seen[i * time + j] = 1;
            }
        }
        return Tensor.of(seen, time, time);
        // ---
    }
}
