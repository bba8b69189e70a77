package gradus.train;

import gradus.tensor.Tensor;

/// What training makes small. Any function of the logits and the batch will do, as long as it is a mean over the
/// batch's counted targets: the trainer weights the batches of a step by their number.
@FunctionalInterface
public interface Loss {
    /// **Shapes** logits (B, T, V) → ()
    Tensor of(Tensor logits, Batch batch);
}
