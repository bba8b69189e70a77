package gradus.lessons.cloze;

import gradus.tensor.Tensor;
import gradus.tensor.type.Indices;

/// From a masked-language model's logits to the probabilities of labels.
public final class ClozeProbabilities {
    private ClozeProbabilities() {}

    /// The verbalizer names for each label one or more tokens that may stand in the gap. A label's score is the
    /// **mean** of its tokens' logits at the place of the gap, and the probabilities are the softmax of the
    /// scores, over the labels alone: what the model thinks of all other tokens does not matter.
    ///
    /// **Shapes** logits (B, T, V) → (B, number of labels)
    ///
    /// @param gaps  for each text the place of its mask; the logits **there** predict what stands there
    /// @param words for each label the ids of its tokens, one or more
    public static Tensor probabilities(Tensor logits, int[] gaps, int[][] words) {
        // --- your answer
        Tensor[] scores = new Tensor[gaps.length];
        for (int text = 0; text < gaps.length; text++) {
            Tensor gap = logits.select(0, text).select(0, gaps[text]); // (V)
            Tensor[] means = new Tensor[words.length];
            for (int label = 0; label < words.length; label++) {
                means[label] = gap.indexSelect(0, Indices.of(words[label])).mean();
            }
            scores[text] = Tensor.stack(0, means); // (labels)
        }
        return Tensor.stack(0, scores).softmax(); // (B, labels)
        // ---
    }
}
