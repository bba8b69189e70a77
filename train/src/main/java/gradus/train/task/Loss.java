package gradus.train.task;

import static gradus.error.ConfigException.require;

import gradus.layers.loss.CrossEntropyLoss;
import gradus.layers.loss.FocalLoss;
import gradus.layers.loss.ZLoss;
import gradus.tensor.Tensor;

/// The number that training minimises, as a function of the model's logits and of the targets. The equations
/// are in [gradus.layers.loss]. A loss of your own is a lambda; its gradient is computed automatically:
/// ```java
/// Trainer.of(gpt, config, data, (logits, batch) -> logits.crossEntropy(batch.targets()));
/// ```
/// It must be a mean over the batch's counted targets, because the trainer weights each batch of a step by
/// the number of its counted targets.
@FunctionalInterface
public interface Loss {
    /// **Shapes** logits (B, T, V) → ()
    Tensor of(Tensor logits, Batch batch);

    /// How many targets the mean is taken over. The batches of a step are weighted by this number, `Σ
    /// loss·counted / Σ counted`, which gives the loss of one large batch. In a plain mean of their losses,
    /// each target of a batch that has few would weigh more than one of a batch that has many.
    default int counted(Batch batch) {
        return batch.counted();
    }

    /// [CrossEntropyLoss]: the mean of `-log p` of the right token.
    static Loss crossEntropy() {
        return crossEntropy(0);
    }

    /// The cross-entropy with smoothed targets.
    ///
    /// @param labelSmoothing ε in [0, 1)
    /// @throws gradus.error.ConfigException if ε is out of range
    static Loss crossEntropy(double labelSmoothing) {
        require(labelSmoothing >= 0 && labelSmoothing < 1, "labelSmoothing must be in [0, 1); got %s", labelSmoothing);
        return (logits, batch) -> CrossEntropyLoss.of(logits, batch.targets(), labelSmoothing);
    }

    /// [FocalLoss]: a cross-entropy that gives less weight to targets that the model already predicts well.
    ///
    /// @param gamma γ, at least 0
    /// @throws gradus.error.ConfigException if γ is negative or not finite
    static Loss focal(double gamma) {
        require(gamma >= 0 && Double.isFinite(gamma), "FocalLoss: gamma must be at least 0; got %s", gamma);
        return (logits, batch) -> FocalLoss.of(logits, batch.targets(), gamma);
    }

    /// This loss plus `w·`[ZLoss] of the counted logits, which keeps them from drifting. Chowdhery et al.
    /// 2022 (PaLM), arXiv:2204.02311, section 5, with w = 1e-4.
    ///
    /// @param weight w, at least 0
    /// @throws gradus.error.ConfigException if w is negative or not finite
    default Loss withZLoss(double weight) {
        require(weight >= 0 && Double.isFinite(weight), "zLoss: weight must be at least 0; got %s", weight);
        Loss own = this;
        return new Loss() {
            @Override
            public Tensor of(Tensor logits, Batch batch) {
                Tensor z = ZLoss.of(logits, batch.targets()); // ()
                return own.of(logits, batch).add(z.mul(weight)); // ()
            }

            @Override
            public int counted(Batch batch) {
                return own.counted(batch);
            }
        };
    }
}
