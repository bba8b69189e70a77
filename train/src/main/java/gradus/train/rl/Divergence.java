package gradus.train.rl;

import gradus.layers.loss.alignment.KlEstimator;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;

/// How far drawn completions depart from a reference: estimates of the KL divergence from the log-probabilities
/// of their tokens, ragged as the completions are.
final class Divergence {
    private Divergence() {}

    /// The estimate for each token.
    static double[][] each(KlEstimator estimator, double[][] logProbs, double[][] reference) {
        double[][] each = new double[logProbs.length][];
        try (var scope = Scope.open()) {
            for (int i = 0; i < each.length; i++) {
                Tensor own = Tensor.of(logProbs[i], 1, logProbs[i].length); // (1, T)
                Tensor base = Tensor.of(reference[i], 1, reference[i].length); // (1, T)
                each[i] = estimator.of(own, base).toArray();
            }
        }
        return each;
    }

    /// The estimate k1 summed over the tokens of each completion, and averaged over completions, in nats.
    static double mean(double[][] logProbs, double[][] reference) {
        double sum = 0;
        for (int i = 0; i < logProbs.length; i++) {
            for (int t = 0; t < logProbs[i].length; t++) {
                sum += logProbs[i][t] - reference[i][t];
            }
        }
        return sum / logProbs.length;
    }
}
