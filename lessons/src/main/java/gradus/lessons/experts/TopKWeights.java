package gradus.lessons.experts;

import gradus.tensor.Tensor;
import gradus.tensor.type.Indices;

/// Which experts a token goes to, and how much each of them counts.
public final class TopKWeights {
    private TopKWeights() {}

    /// For each token the weights of all E experts: the k with the highest scores share the weight 1 between
    /// them, by the softmax of their k scores; all others get 0. (It is the same to take the softmax over all
    /// E, to keep its k largest numbers and to divide them by their sum.) No two scores of a token are equal.
    ///
    /// Scores may be as large as 1,000. Gradients must flow to the scores.
    ///
    /// **Shapes** logits (N, E) → (N, E)
    ///
    /// @param k from 1 to E
    public static Tensor weights(Tensor logits, int k) {
        // --- your answer
        Indices chosen = logits.detach().topk(k).indices(); // (N, k)
        Tensor shares = logits.gather(1, chosen).softmax(); // (N, k)
        return Tensor.zerosLike(logits).scatterAdd(1, chosen, shares); // (N, E)
        // ---
    }
}
