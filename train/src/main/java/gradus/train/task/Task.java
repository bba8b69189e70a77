package gradus.train.task;

import gradus.layers.Layer;
import gradus.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SequencedMap;

/// What a [gradus.train.Trainer] trains: a model, and the loss that it is to minimise. [LanguageModelling]
/// predicts the next token. A task of your own may fill gaps in a text, compare two answers, or do anything
/// else that has a loss. The trainer does the rest: the loop, the optimiser's steps, clipping, averaging,
/// checkpoints.
///
/// ```java
/// Optimizer optimizer = new AdamW(task.model().parameters(), AdamConfig.defaults());
/// new Trainer(task, optimizer, step -> 1e-3, LoopConfig.defaults()).run();
/// ```
public interface Task {

    /// The model whose parameters training changes.
    Layer model();

    /// The work of one step, in parts (micro-batches) that are computed one after the other, so that only one
    /// of them needs memory at a time. If anything in it is random, draw it from the number of the step: then
    /// a resumed training draws the same.
    ///
    /// @param step counted from 0
    List<? extends Part> parts(int step);

    /// One part of a step: a micro-batch, or an answer that the model gave.
    interface Part {
        /// How many targets [#loss] is a mean over. The parts of a step are weighted by it, `Σ loss·counted / Σ
        /// counted`, which gives the loss of one large batch even if some parts have fewer targets.
        long counted();

        /// How many tokens the model reads; the speed in tokens per second is computed from it.
        long tokens();

        /// The mean loss over the targets.
        ///
        /// **Shapes** → ()
        Tensor loss();

        /// Tensors that [#loss] computed on the way, by name. If the loss is NaN or infinite, the error
        /// message names the first of them that is.
        default SequencedMap<String, Tensor> computed() {
            return new LinkedHashMap<>();
        }
    }

    /// What the task measured in the step whose parts were computed last, besides the loss, by name: the
    /// reward, say. Reported with the step. Mostly empty.
    default SequencedMap<String, Double> metrics() {
        return new LinkedHashMap<>();
    }

    /// The validation loss: how good the model is on data that it was not trained on; lower is better. Empty
    /// if there is no such data. If the training averages weights, the model has the averaged ones during
    /// this call.
    ///
    /// @param batches how many batches to measure on; 0 for all the data
    default OptionalDouble evaluate(int batches) {
        return OptionalDouble.empty();
    }

    /// A short text that tells the training data from any other, such as its SHA-256. A training is resumed
    /// only if it is the same as before.
    String fingerprint();

    /// What the [#fingerprint] of this task was in earlier versions of the library, whose checkpoints go on too.
    default List<String> formerFingerprints() {
        return List.of();
    }

    /// The tensors, besides the model's, that the task changes from step to step, by name. They are saved in
    /// checkpoints, and a resume copies the saved values back into them.
    default SequencedMap<String, Tensor> state() {
        return new LinkedHashMap<>();
    }
}
