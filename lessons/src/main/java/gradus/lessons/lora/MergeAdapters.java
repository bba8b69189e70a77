package gradus.lessons.lora;

import gradus.tensor.Tensor;

/// Adapters written into the weight, so that the model costs no more than its base.
public final class MergeAdapters {
    private MergeAdapters() {}

    /// `W' = W + Σᵢ wᵢ·sᵢ·Bᵢ·Aᵢ`: every adapter with its own scale sᵢ, which is its α/r, and its own weight wᵢ.
    /// Ranks may differ. W itself must stay as it is, so that the adapters can be taken out again.
    ///
    /// If `transposed`, as in GPT-2's files, the layer keeps its weight as (in, out): W and W' then have that
    /// shape, whereas the A's and B's are as ever.
    ///
    /// **Shapes** weight (out, in), or (in, out) if transposed; a each (rᵢ, in), b each (out, rᵢ) → as weight
    ///
    /// @param a       one for each adapter; there may be none
    /// @param scales  sᵢ
    /// @param weights wᵢ, of any sign
    public static Tensor merge(
            Tensor weight, Tensor[] a, Tensor[] b, double[] scales, double[] weights, boolean transposed) {
        // --- your answer
        Tensor merged = weight;
        for (int i = 0; i < a.length; i++) {
            Tensor delta = b[i].matmul(a[i]).mul(weights[i] * scales[i]); // (out, in)
            merged = merged.add(transposed ? delta.transpose(0, 1) : delta);
        }
        return merged;
        // ---
    }
}
