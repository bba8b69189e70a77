package gradus.lessons.lab.induction;

import gradus.layers.model.LanguageModel;
import gradus.lessons.lab.induction.Repeats.Rows;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;

/// The loss where a stretch occurs for the first time, and for the second, in nats a token. The first token of
/// each occurrence is left out: nothing tells that a stretch begins again. `first − second` is the in-context
/// score of Olsson et al. 2022, with the sign turned.
///
/// @param first  at the places 1 to p - 1
/// @param second at the places p + 1 to 2p - 1
record RepeatLoss(double first, double second) {

    /// What the loss of a place is.
    private interface Places {
        double loss(int row, int t);
    }

    private static RepeatLoss of(Rows rows, Places places) {
        double first = 0;
        double second = 0;
        int counted = 0;
        for (int row = 0; row < rows.tokens().length; row++) {
            int period = rows.periods()[row];
            for (int t = 1; t < period; t++) {
                first += places.loss(row, t);
                second += places.loss(row, period + t);
                counted++;
            }
        }
        return new RepeatLoss(first / counted, second / counted);
    }

    /// Of a model.
    static RepeatLoss of(LanguageModel model, Rows rows) {
        double[] logs;
        try (var pause = Autograd.noGrad();
                var scope = Scope.open()) {
            logs = model.forward(rows.inputs()).logSoftmax(-1).toArray(); // (N, T - 1, V)
        }
        int time = rows.tokens()[0].length - 1;
        int vocabulary = model.vocabSize();
        return of(rows, (row, t) -> -logs[(row * time + t - 1) * vocabulary + rows.tokens()[row][t]]);
    }

    /// Of the exact predictor.
    static RepeatLoss exact(Repeats repeats, Rows rows) {
        return of(rows, (row, t) -> -Math.log(repeats.probability(rows.tokens()[row], t)));
    }

    /// By how much the second is lower.
    double gain() {
        return first - second;
    }
}
