package gradus.train.task;

import gradus.tensor.Tensor;

/// What training makes small. Any function of the logits and the batch will do, as long as it is a mean over the
/// batch's counted targets: the trainer weights the batches of a step by their number.
@FunctionalInterface
public interface Loss {
    /// **Shapes** logits (B, T, V) → ()
    Tensor of(Tensor logits, Batch batch);

    /// How many targets the mean is over. The batches of a step weigh by it, `Σ loss·counted / Σ counted`, so that
    /// they make one large batch even where some count less: in a plain mean of means, the targets of a batch that
    /// has few would weigh more.
    default int counted(Batch batch) {
        return batch.counted();
    }
}
