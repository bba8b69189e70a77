package gradus.lessons.sparse;

import gradus.tensor.Tensor;

/// The Sparse Transformer's strided pattern.
public final class StridedMask {
    private StridedMask() {}

    /// 1 where query i may see key j, 0 where it may not. Nobody sees what follows; of the rest i sees the
    /// last `stride` tokens, itself included, and before those every token whose distance `i − j` is a
    /// multiple of `stride`.
    ///
    /// **Shapes** → (T, T)
    ///
    /// @param stride at least 1; may be larger than T
    public static Tensor strided(int time, int stride) {
        // --- your answer
        float[] seen = new float[time * time];
        for (int i = 0; i < time; i++) {
            for (int j = 0; j <= i; j++) {
                int distance = i - j;
                seen[i * time + j] = distance < stride || distance % stride == 0 ? 1 : 0;
            }
        }
        return Tensor.of(seen, time, time);
        // ---
    }
}
