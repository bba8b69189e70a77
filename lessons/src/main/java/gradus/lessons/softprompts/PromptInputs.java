package gradus.lessons.softprompts;

import gradus.tensor.Tensor;
import gradus.tensor.type.Indices;

/// Learnt rows in front of the embeddings of the tokens.
public final class PromptInputs {
    private PromptInputs() {}

    /// What goes into the first block of a model with learnt positions: in every text of the batch, first the P
    /// rows of the prompt, the same for all, then the embeddings of its T tokens; and to each of these P + T
    /// places the row of the position table for that place is added. So the slots stand at the positions 0 to
    /// P − 1, and the text begins at P.
    ///
    /// The base is frozen: `table` and `positions` get no gradient. The prompt does, from every text.
    ///
    /// **Shapes** ids (B, T), prompt (P, C), table (V, C), positions (N, C), N ≥ P + T → (B, P + T, C)
    ///
    /// @param table     the embeddings of the V tokens
    /// @param positions the embeddings of the places 0 to N − 1
    public static Tensor inputs(Indices ids, Tensor prompt, Tensor table, Tensor positions) {
        int batch = ids.shape().dim(0);
        int time = ids.shape().dim(1);
        int slots = prompt.dim(0);
        // --- your answer
        Tensor tokens = table.detach().embedding(ids); // (B, T, C)
        Tensor before = prompt.unsqueeze(0).expand(batch, slots, prompt.dim(1)); // (B, P, C)
        Tensor places = positions.detach().slice(0, 0, slots + time); // (P+T, C)
        return Tensor.concat(1, before, tokens).add(places);
        // ---
    }
}
