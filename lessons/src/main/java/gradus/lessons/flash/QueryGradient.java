package gradus.lessons.flash;

import gradus.tensor.Tensor;

/// The backward pass of attention, from what the forward pass kept.
public final class QueryGradient {
    private QueryGradient() {}

    /// The gradient of the queries of `O = P·V`, `P = softmax(S)` over the keys, `S = Q·Kᵀ / √D`, from the
    /// results' gradient dO. The forward pass kept O and, for each query, `L = ln Σⱼ exp(Sⱼ)`, but not P:
    ///
    /// - `P = exp(S − L)`, row by row
    /// - `dP = dO·Vᵀ`
    /// - `δᵢ = Σ_d dOᵢd·Oᵢd`, one number for each query
    /// - `dS = P ∘ (dP − δ)`, ∘ being element by element
    /// - `dQ = dS·K / √D`
    ///
    /// **Shapes** q (Tq, D), k (Tk, D), v (Tk, Dv), o (Tq, Dv), l (Tq), dO (Tq, Dv) → dQ (Tq, D)
    public static Tensor queryGradient(Tensor q, Tensor k, Tensor v, Tensor o, Tensor l, Tensor dO) {
        // --- your answer
        double scale = 1 / Math.sqrt(q.dim(1));
        Tensor p = q.matmul(k, false, true).mul(scale).sub(l.unsqueeze(1)).exp(); // (Tq, Tk)
        Tensor dP = dO.matmul(v, false, true); // (Tq, Tk)
        Tensor delta = dO.mul(o).sum(1, true); // (Tq, 1)
        Tensor dS = p.mul(dP.sub(delta)); // (Tq, Tk)
        return dS.matmul(k).mul(scale); // (Tq, D)
        // ---
    }
}
