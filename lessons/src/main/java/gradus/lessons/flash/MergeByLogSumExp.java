package gradus.lessons.flash;

import gradus.tensor.Tensor;

/// Two attentions over different keys become one over all of them.
public final class MergeByLogSumExp {
    private MergeByLogSumExp() {}

    /// The same queries attended twice: once over one set of keys, once over another. Each part gives its
    /// result and, for each query, `L = ln Σⱼ exp(sⱼ)` over the scores of its keys. The result over all keys
    /// together is `(exp(L₁)·o₁ + exp(L₂)·o₂) / (exp(L₁) + exp(L₂))`.
    ///
    /// L may be as large as 10,000, of either sign, far from one query to the next. A part in which a query
    /// saw no key has L = −∞ and o = 0 there; never both parts.
    ///
    /// **Shapes** o₁, o₂ (T, D), l₁, l₂ (T) → (T, D)
    public static Tensor merge(Tensor o1, Tensor l1, Tensor o2, Tensor l2) {
        // --- your answer
        Tensor largest = l1.maximum(l2); // (T)
        Tensor w1 = l1.sub(largest).exp().unsqueeze(1); // (T, 1)
        Tensor w2 = l2.sub(largest).exp().unsqueeze(1); // (T, 1)
        return o1.mul(w1).add(o2.mul(w2)).div(w1.add(w2)); // (T, D)
        // ---
    }
}
