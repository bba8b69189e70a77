package gradus.lessons.sickruns;

import gradus.layers.Layer;
import gradus.layers.model.LanguageModel;
import gradus.tensor.Tensor;
import gradus.train.task.Batch;
import gradus.train.task.LanguageModelling;
import gradus.train.task.Loss;
import gradus.train.task.Task;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.IntFunction;

/// Predicting the next token, with batches and a loss that may be wrong.
///
/// @param sound   what measures the validation loss
/// @param batches the batch of each step
record Tampered(LanguageModelling sound, LanguageModel trained, IntFunction<Batch> batches, Loss loss) implements Task {
    private record Whole(Tampered task, Batch batch) implements Part {
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
            return task.loss.of(task.trained.forward(batch.inputs()), batch); // ()
        }
    }

    @Override
    public Layer model() {
        return trained;
    }

    @Override
    public List<Whole> parts(int step) {
        return List.of(new Whole(this, batches.apply(step)));
    }

    @Override
    public OptionalDouble evaluate(int count) {
        return sound.evaluate(count);
    }

    @Override
    public String fingerprint() {
        return sound.fingerprint();
    }
}
