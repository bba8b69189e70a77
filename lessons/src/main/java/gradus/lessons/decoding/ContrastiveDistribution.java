package gradus.lessons.decoding;

import java.util.Arrays;

/// What a good model finds likelier than a poor one.
public final class ContrastiveDistribution {
    private ContrastiveDistribution() {}

    /// Contrastive decoding: of the tokens that a good model, the expert, finds probable **enough**, those that
    /// it finds more probable than a poor one, the amateur. With p for the expert and r for the amateur, both
    /// the softmax of their logits, token x has the score
    ///
    /// `ln p(x) − ln r(x)` where `p(x) ≥ α · max p`, else `−∞`
    ///
    /// The result is the softmax of the scores. Logits may be near a thousand: numbers must not become infinite
    /// or NaN.
    ///
    /// **Shapes** expert (V), amateur (V) → (V), with the sum 1
    ///
    /// @param expert  logits
    /// @param amateur logits
    /// @param alpha   α, above 0 and up to 1
    public static double[] distribution(double[] expert, double[] amateur, double alpha) {
        // --- your answer
        double most = Arrays.stream(expert).max().orElseThrow();
        double[] scores = new double[expert.length];
        for (int x = 0; x < scores.length; x++) {
            boolean enough = expert[x] - most >= Math.log(alpha);
            scores[x] = enough ? expert[x] - amateur[x] : Double.NEGATIVE_INFINITY;
        }
        double best = Arrays.stream(scores).max().orElseThrow();
        double[] powers = Arrays.stream(scores).map(s -> Math.exp(s - best)).toArray();
        double sum = Arrays.stream(powers).sum();
        return Arrays.stream(powers).map(power -> power / sum).toArray();
        // ---
    }
}
