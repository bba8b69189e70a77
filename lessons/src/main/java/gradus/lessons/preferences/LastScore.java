package gradus.lessons.preferences;

import gradus.tensor.Tensor;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;

/// Which of the numbers that a reward model gives is the score of the text.
public final class LastScore {
    private LastScore() {}

    /// A reward model gives a number at every place. At the **last token** it has read the whole text, so the
    /// number there is the text's score.
    ///
    /// The texts of a batch differ in length and are filled up with padding, **behind** the text or **before**
    /// it. The mask is 1 at tokens and 0 at padding. A text has at least one token, and no padding stands
    /// between its tokens. The numbers at padding mean nothing, and may even be NaN. Gradients flow to the
    /// numbers that are scores.
    ///
    /// **Shapes** values (N, T), mask (N, T) → (N)
    public static Tensor scores(Tensor values, Tensor mask) {
        // --- your answer
        int time = mask.dim(1);
        double[] real = mask.toArray();
        int[] last = new int[mask.dim(0)];
        for (int i = 0; i < real.length; i++) {
            if (real[i] != 0) {
                last[i / time] = i % time;
            }
        }
        return values.gather(1, Indices.of(Shape.of(last.length, 1), last)).squeeze(1); // (N)
        // ---
    }
}
