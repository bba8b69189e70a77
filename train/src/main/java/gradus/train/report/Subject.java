package gradus.train.report;

import gradus.layers.Layer;
import gradus.tensor.Tensor;
import gradus.tokenizer.Tokenizer;
import gradus.train.TrainConfig;
import gradus.train.task.Task;
import java.util.List;
import java.util.Optional;

/// A trained model that a report looks into, in evaluation.
interface Subject {
    Layer model();

    /// The query heads of each layer.
    int heads();

    /// The longest sequence that it reads.
    int context();

    Tokenizer tokenizer();

    /// Whether a position sees only those before it.
    boolean causal();

    /// Lets the model read one sequence.
    void read(int... ids);

    /// How surprising each token of a sequence is to the model, in nats; NaN where it was not asked.
    double[] losses(int... ids);

    /// The logits behind each block, (1, T, V); empty for a model that predicts no next token.
    Optional<List<Tensor>> lens(int... ids);

    /// The run's own task, with sequences of full length that begin with these ids.
    Task task(int... ids);

    /// How the run trained.
    TrainConfig training();

    /// Ids of a text, as the model was trained on such.
    int[] encode(String text);
}
