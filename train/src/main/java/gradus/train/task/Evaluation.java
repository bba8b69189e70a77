package gradus.train.task;

import gradus.layers.model.LanguageModel;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;

/// Measures the mean loss of a model over tokens. The tokens are cut into windows that do not overlap, and
/// each token except the first is predicted once, from the tokens before it in its window. Nothing is random.
public final class Evaluation {
    private final LanguageModel model;
    private final Loss loss;
    private final int batchSize;

    public Evaluation(LanguageModel model, Loss loss, int batchSize) {
        this.model = model;
        this.loss = loss;
        this.batchSize = batchSize;
    }

    /// The mean loss over a whole array.
    public double whole(int[] tokens) {
        return whole(Tokens.of(tokens));
    }

    /// The mean loss over all tokens, the shorter window at the end included. NaN if there are fewer than 2
    /// tokens.
    public double whole(Tokens tokens) {
        int context = model.context();
        long windows = (tokens.size() - 1) / context;
        double sum = 0;
        long count = 0;
        for (long first = 0; first < windows; first += batchSize) {
            int rows = (int) Math.min(batchSize, windows - first);
            sum += loss(tokens, first * context, rows, context) * rows * context;
            count += (long) rows * context;
        }
        int rest = (int) (tokens.size() - 1 - windows * context);
        if (rest > 0) {
            sum += loss(tokens, windows * context, 1, rest) * rest;
            count += rest;
        }
        return sum / count;
    }

    /// The mean loss over a part of an array.
    public double part(int[] tokens, int batches) {
        return part(Tokens.of(tokens), batches);
    }

    /// The mean loss over a number of batches, taken from the tokens at equal distances; over all tokens if
    /// there are not more batches.
    public double part(Tokens tokens, int batches) {
        int context = model.context();
        long all = (tokens.size() - 1) / ((long) context * batchSize);
        if (batches >= all) {
            return whole(tokens);
        }
        double sum = 0;
        for (int i = 0; i < batches; i++) {
            long batch = i * all / batches;
            sum += loss(tokens, batch * batchSize * context, batchSize, context);
        }
        return sum / batches;
    }

    private double loss(Tokens tokens, long from, int rows, int time) {
        int[] inputs = new int[rows * time];
        int[] targets = new int[rows * time];
        tokens.copy(from, inputs, 0, rows * time);
        tokens.copy(from + 1, targets, 0, rows * time);
        Shape shape = Shape.of(rows, time);
        Batch batch = new Batch(Indices.of(shape, inputs), Indices.of(shape, targets));
        boolean training = model.training();
        model.eval();
        try (var pause = Autograd.noGrad();
                var scope = Scope.open()) {
            return loss.of(model.forward(batch.inputs()), batch).item();
        } finally {
            if (training) {
                model.train();
            }
        }
    }
}
