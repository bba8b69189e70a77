package gradus.train.checkpoint;

import gradus.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/// The tensors of a training, in groups, each tensor under the name that its owner gives it. These are the
/// tensors themselves, not copies.
///
/// @param model     parameters and buffers
/// @param optimizer the state of the optimiser
/// @param average   the running average of the weights; empty if there is none
/// @param task      the state of the task; empty if it has none
public record TrainingState(
        SequencedMap<String, Tensor> model,
        SequencedMap<String, Tensor> optimizer,
        SequencedMap<String, Tensor> average,
        SequencedMap<String, Tensor> task) {

    /// The state of a training whose task has no state.
    public TrainingState(
            SequencedMap<String, Tensor> model,
            SequencedMap<String, Tensor> optimizer,
            SequencedMap<String, Tensor> average) {
        this(model, optimizer, average, new LinkedHashMap<>());
    }

    /// The groups by the files that hold them.
    SequencedMap<String, SequencedMap<String, Tensor>> files() {
        SequencedMap<String, SequencedMap<String, Tensor>> files = new LinkedHashMap<>();
        files.put("model.safetensors", model);
        files.put("optimizer.safetensors", optimizer);
        if (!average.isEmpty()) {
            files.put("average.safetensors", average);
        }
        if (!task.isEmpty()) {
            files.put("task.safetensors", task);
        }
        return files;
    }
}
