package gradus.lessons.preferences;

import gradus.tensor.Tensor;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;

/// How probable a model finds a whole answer.
public final class AnswerLogProb {
    private AnswerLogProb() {}

    /// A model has read rows of T tokens: a prompt, an answer, perhaps padding. Its logits at place t predict
    /// the token at place **t + 1**. The logarithm of the answer's probability, given the prompt, is the
    /// **sum** of `ln softmax(logits)[token]` over the answer's tokens, whose mask is 1:
    ///
    /// `ln π(y) = Σ_t ln π(y_t | prompt, y_<t)`
    ///
    /// Prompt and padding, with the mask 0, are none of it. A mask may have gaps, as where the answer of a tool
    /// stands in between. A row without an answer gives 0. Nothing predicts the first token, whose mask is 0. T
    /// is at least 2.
    ///
    /// **Shapes** logits (N, T, V), ids (N, T), mask (N, T) → (N)
    public static Tensor logProbs(Tensor logits, Indices ids, Tensor mask) {
        // --- your answer
        int places = mask.dim(1) - 1; // the last place predicts nothing
        int[] next = new int[mask.dim(0) * places];
        for (int i = 0; i < next.length; i++) {
            next[i] = ids.get(i / places * (places + 1) + i % places + 1);
        }
        Tensor logs = logits.slice(1, 0, places).logSoftmax(); // (N, T-1, V)
        Tensor each = logs.gather(2, Indices.of(Shape.of(mask.dim(0), places, 1), next))
                .squeeze(2); // (N, T-1)
        return each.mul(mask.slice(1, 1)).sum(1); // (N)
        // ---
    }
}
