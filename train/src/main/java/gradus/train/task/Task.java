package gradus.train.task;

import gradus.layers.Layer;
import gradus.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SequencedMap;

/// What a [gradus.train.Trainer] trains: a model, and what is to become small. [LanguageModelling] predicts the next
/// token; a task of your own may fill gaps, compare answers or anything else that has a loss. The trainer
/// does the rest: the loop, the optimiser's steps, clipping, averaging, checkpoints.
///
/// ```java
/// Optimizer optimizer = new AdamW(task.model().parameters(), AdamConfig.defaults());
/// new Trainer(task, optimizer, step -> 1e-3, LoopConfig.defaults()).run();
/// ```
public interface Task {

    /// The model whose parameters training changes.
    Layer model();

    /// One step's work, in parts that are computed one after the other, so that only one needs memory at a
    /// time. A task that draws anything at random draws it by the number of the step, so that a resumed
    /// training draws the same.
    ///
    /// @param step counted from 0
    List<? extends Part> parts(int step);

    /// One part of a step: a small batch, or a game played.
    interface Part {
        /// How many targets [#loss] is a mean over. The parts of a step weigh by it, `Σ loss·counted / Σ
        /// counted`, so that they make one large batch even where some count less.
        long counted();

        /// How many tokens are read, for telling how fast training is.
        long tokens();

        /// The mean loss over the targets.
        ///
        /// **Shapes** → ()
        Tensor loss();

        /// What [#loss] computed on the way, by name, so that the first tensor that is no number can be told
        /// where the loss is none.
        default SequencedMap<String, Tensor> computed() {
            return new LinkedHashMap<>();
        }
    }

    /// How good the model is now on what it was not trained on; lower is better. Nothing, if there is nothing
    /// to measure by. Called with the averaged weights in place, where there are some.
    ///
    /// @param batches how many batches to measure on; 0 for all there is
    default OptionalDouble evaluate(int batches) {
        return OptionalDouble.empty();
    }

    /// What the training data is, in a few characters: a training is resumed only with the same.
    String fingerprint();

    /// What the task remembers from step to step, by name, besides the model. Checkpoints hold it, and a
    /// resume copies it back into these tensors.
    default SequencedMap<String, Tensor> state() {
        return new LinkedHashMap<>();
    }
}
