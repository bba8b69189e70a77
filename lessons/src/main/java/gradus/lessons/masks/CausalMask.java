package gradus.lessons.masks;

import gradus.tensor.Tensor;

/// Who may see whom in a language model.
public final class CausalMask {
    private CausalMask() {}

    /// 1 where query i may see key j, 0 where it may not: a token sees itself and all before it. The queries
    /// are the **last** tokens of the sequence: with Tk keys and Tq queries, query i stands at position
    /// `i + Tk − Tq`. (With a cache of old keys there are fewer queries than keys.)
    ///
    /// **Shapes** → (Tq, Tk), with 1 ≤ Tq ≤ Tk
    public static Tensor causal(int queries, int keys) {
        // --- your answer
        float[] seen = new float[queries * keys];
        for (int i = 0; i < queries; i++) {
            for (int j = 0; j < keys; j++) {
                seen[i * keys + j] = j <= keys - queries + i ? 1 : 0;
            }
        }
        return Tensor.of(seen, queries, keys);
        // ---
    }
}
