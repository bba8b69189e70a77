package gradus.lessons.lab.norms;

import gradus.layers.model.Gpt;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import gradus.train.task.Batch;
import gradus.train.task.Loss;
import gradus.train.task.Tokens;
import java.util.function.Supplier;

/// What a model says of a text in training and in evaluation. A norm that takes its statistics from the batch says
/// different things, and in training it tells each position of all others.
///
/// @param model without dropout, which is left as it was; no running mean changes
record BatchSight(Gpt model) {

    /// The mean loss of all whole batches of windows that do not overlap, in nats a token; NaN if there is
    /// none.
    ///
    /// @param rows     of a batch
    /// @param training whether norms that tell training from evaluation do as in training
    double loss(Tokens text, int rows, boolean training) {
        int size = rows * model.context();
        long batches = (text.size() - 1) / size;
        double sum = 0;
        for (long i = 0; i < batches; i++) {
            int[] inputs = new int[size];
            int[] targets = new int[size];
            text.copy(i * size, inputs, 0, size);
            text.copy(i * size + 1, targets, 0, size);
            Shape shape = Shape.of(rows, model.context());
            sum += within(training, new Batch(Indices.of(shape, inputs), Indices.of(shape, targets)));
        }
        return sum / batches;
    }

    private double within(boolean training, Batch batch) {
        return in(
                training,
                () -> Loss.crossEntropy()
                        .of(model.forward(batch.inputs()), batch)
                        .item());
    }

    /// By how much at most the logits of two rows change when the last token of the first one does: of the
    /// positions before it, and of the other row. 0 for a causal model whose rows have nothing to do with
    /// each other.
    ///
    /// @param text     of at least two windows, of which the rows are the first
    /// @param training as above
    double leak(Tokens text, boolean training) {
        int time = model.context();
        int[] ids = new int[2 * time];
        text.copy(0, ids, 0, ids.length);
        double[] before = logits(ids, training);
        ids[time - 1] = (ids[time - 1] + 1) % model.vocabSize();
        double[] after = logits(ids, training);
        int row = model.vocabSize();
        double most = 0;
        for (int i = 0; i < before.length; i++) {
            if (i / row != time - 1) {
                most = Math.max(most, Math.abs(after[i] - before[i]));
            }
        }
        return most;
    }

    private double[] logits(int[] ids, boolean training) {
        Indices inputs = Indices.of(Shape.of(2, model.context()), ids.clone());
        return in(training, () -> model.forward(inputs).toArray());
    }

    private <T> T in(boolean training, Supplier<T> said) {
        boolean before = model.training();
        mode(training);
        try (var pause = Autograd.noGrad();
                var scope = Scope.open()) {
            return said.get();
        } finally {
            mode(before);
        }
    }

    private void mode(boolean training) {
        if (training) {
            model.train();
        } else {
            model.eval();
        }
    }
}
