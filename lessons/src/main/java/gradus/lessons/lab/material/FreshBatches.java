package gradus.lessons.lab.material;

import gradus.layers.model.LanguageModel;
import gradus.tensor.Tensor;
import gradus.train.task.Batch;
import gradus.train.task.Loss;
import gradus.train.task.Task;
import java.util.List;
import java.util.function.IntFunction;

/// Learns sequences that are drawn anew for every step, so that no sequence comes twice and nothing is learned
/// by heart.
///
/// @param model   what learns
/// @param batches the batch of a step
/// @param name    tells these sequences from others
public record FreshBatches(LanguageModel model, IntFunction<Batch> batches, String name) implements Task {
    @Override
    public List<Rows> parts(int step) {
        return List.of(new Rows(model, batches.apply(step)));
    }

    @Override
    public String fingerprint() {
        return name;
    }

    /// The sequences of a step.
    public record Rows(LanguageModel reader, Batch batch) implements Part {
        @Override
        public long counted() {
            return batch.counted();
        }

        @Override
        public long tokens() {
            return batch.inputs().size();
        }

        @Override
        public Tensor loss() {
            return Loss.crossEntropy().of(reader.forward(batch.inputs()), batch); // ()
        }
    }
}
