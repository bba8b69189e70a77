package gradus.lessons.lab.moe;

import gradus.layers.model.LanguageModel;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import gradus.train.task.Batch;
import gradus.train.task.Loss;
import gradus.train.task.Tokens;
import java.util.Arrays;

/// What a model says of a token before it has seen those behind it, and after.
///
/// @param model in evaluation
/// @param text  of at least one row and a token more
record FutureSight(LanguageModel model, Tokens text) {

    /// By how much at most the logits of earlier positions of a row change when its last token does, of all tokens that
    /// may stand there. 0 for a causal model.
    double change() {
        int time = model.context();
        int vocabulary = model.vocabSize();
        int[] ids = new int[time];
        text.copy(0, ids, 0, time);
        double[] before = logits(ids);
        double most = 0;
        for (int other = 0; other < vocabulary; other++) {
            int[] changed = ids.clone();
            changed[time - 1] = other;
            double[] after = logits(changed);
            for (int i = 0; i < (time - 1) * vocabulary; i++) {
                most = Math.max(most, Math.abs(after[i] - before[i]));
            }
        }
        return most;
    }

    private double[] logits(int... ids) {
        try (var pause = Autograd.noGrad();
                var scope = Scope.open()) {
            return model.forward(Indices.of(Shape.of(1, ids.length), ids)).toArray();
        }
    }

    /// The loss of rows one by one, each read at once, as in training.
    double whole(int rows) {
        double sum = 0;
        for (int row = 0; row < rows; row++) {
            sum += loss(row, model.context(), 0);
        }
        return sum / rows;
    }

    /// The same where each token is predicted from those before it alone, as in generation.
    double generating(int rows) {
        int time = model.context();
        double sum = 0;
        for (int row = 0; row < rows; row++) {
            for (int length = 1; length <= time; length++) {
                sum += loss(row, length, length - 1);
            }
        }
        return sum / ((double) rows * time);
    }

    /// Of the tokens behind so many of a row, from a place on.
    private double loss(int row, int length, int from) {
        int[] ids = new int[length + 1];
        text.copy((long) row * model.context(), ids, 0, ids.length);
        int[] inputs = Arrays.copyOf(ids, length);
        int[] targets = Arrays.copyOfRange(ids, from + 1, length + 1);
        try (var pause = Autograd.noGrad();
                var scope = Scope.open()) {
            Tensor logits =
                    model.forward(Indices.of(Shape.of(1, length), inputs)).slice(1, from, length); // (1, n, V)
            Shape shape = Shape.of(1, targets.length);
            return Loss.crossEntropy()
                    .of(logits, new Batch(Indices.of(shape, new int[targets.length]), Indices.of(shape, targets)))
                    .item();
        }
    }
}
