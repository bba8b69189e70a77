package gradus.train.checkpoint;

import gradus.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/// The tensors of a training, each group under the names that its owner gives: these very tensors, not
/// copies.
///
/// @param model     parameters and buffers
/// @param optimizer what the optimiser remembers
/// @param average   the running average of the weights; empty if there is none
/// @param task      what the task remembers; empty if that is nothing
public record TrainingState(
        SequencedMap<String, Tensor> model,
        SequencedMap<String, Tensor> optimizer,
        SequencedMap<String, Tensor> average,
        SequencedMap<String, Tensor> task) {

    /// Of a task that remembers nothing.
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
