package gradus.train.report;

import gradus.layers.Layer;
import gradus.layers.inspect.LogitLens;
import gradus.layers.model.LanguageModel;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.type.Indices;
import gradus.tokenizer.Tokenizer;
import gradus.train.TrainConfig;
import gradus.train.run.SavedModel;
import gradus.train.task.Split;
import gradus.train.task.Task;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// A model that predicts the next token.
record DecoderSubject(SavedModel saved, int heads, TrainConfig training) implements Subject {
    @Override
    public Layer model() {
        return saved.model();
    }

    @Override
    public int context() {
        return saved.model().context();
    }

    @Override
    public Tokenizer tokenizer() {
        return saved.tokenizer();
    }

    @Override
    public boolean causal() {
        return true;
    }

    private LanguageModel decoder() {
        return saved.model();
    }

    private static Indices row(int... ids) {
        return Indices.of(ids).reshape(1, ids.length);
    }

    @Override
    public void read(int... ids) {
        decoder().forward(row(ids));
    }

    /// Nothing stands before the first token of a window, so it was not predicted.
    @Override
    public double[] losses(int... ids) {
        double[] losses = new double[ids.length];
        for (int from = 0; from < ids.length; from += context()) {
            int[] window = Arrays.copyOfRange(ids, from, Math.min(ids.length, from + context()));
            try (var pause = Autograd.noGrad();
                    var scope = Scope.open()) {
                Tensor logits = decoder()
                        .forward(row(window))
                        .reshape(window.length, decoder().vocabSize()); // (T, V)
                float[] logP = logits.logSoftmax().toFloatArray();
                losses[from] = Double.NaN;
                for (int t = 1; t < window.length; t++) {
                    losses[from + t] = -logP[(t - 1) * decoder().vocabSize() + window[t]];
                }
            }
        }
        return losses;
    }

    @Override
    public Optional<List<Tensor>> lens(int... ids) {
        return Optional.of(LogitLens.of(decoder(), () -> decoder().forward(row(ids))));
    }

    @Override
    public Task task(int... ids) {
        int[] repeated = IntStream.range(0, 2 * (context() + 1))
                .map(i -> ids[i % ids.length])
                .toArray();
        return training.newTask(decoder(), new Split(repeated, new int[0]));
    }

    @Override
    public int[] encode(String text) {
        return saved.text().encode(text);
    }
}
