package gradus.lessons.softprompts;

import gradus.tensor.Tensor;
import gradus.tensor.type.Indices;

/// The loss of a text behind a soft prompt.
public final class PromptLoss {
    private PromptLoss() {}

    /// The model was given P slots and then T tokens, and has given logits for each of these P + T places. A
    /// place predicts what stands at the **next** one. Slots are no tokens: nothing predicts a slot. But the last
    /// slot predicts the first token, if there is a slot at all; and the last place predicts nothing.
    ///
    /// The loss is the mean of `-log softmax(logits)[label]` over all predictions of the batch that count, those
    /// whose label is not -100. At least one does.
    ///
    /// **Shapes** logits (B, P + T, V), labels (B, T) → ()
    ///
    /// @param labels the tokens themselves, not shifted; -100 where a token is not to be predicted, as in padding
    /// @param slots  P, 0 or more
    public static Tensor loss(Tensor logits, Indices labels, int slots) {
        int batch = labels.shape().dim(0);
        int time = labels.shape().dim(1);
        // --- your answer
        int places = slots + time - 1; // the last place predicts nothing
        int[] targets = new int[batch * places];
        for (int i = 0; i < targets.length; i++) {
            int token = i % places + 1 - slots; // the one behind this place; of a slot it is negative
            targets[i] = token < 0 ? -100 : labels.get(i / places * time + token);
        }
        Tensor predictions = logits.slice(1, 0, places); // (B, P+T-1, V)
        return predictions.crossEntropy(Indices.of(targets).reshape(batch, places), -100, 0);
        // ---
    }
}
