package gradus.layers.loss.alignment;

import static gradus.error.ConfigException.require;

import gradus.tensor.Tensor;

/// A loss of each token of `-φ(w)·A·ln π`, with the ratio `w = Π_t π(y_t)/π_old(y_t)` of the whole answer, not
/// a mean over its tokens, in `φ(w) = w^k·e^(λ·(1 - w))`, used detached. φ(1) = 1, so the first gradient is
/// that of [Reinforce]; it falls to 0 for answers that have become much more or much less probable, in the
/// place of a clip. It is largest at w = k/λ. arXiv:2602.10693 ("VESPO"). TRL's `vespo`, with its bounds of ln
/// w: -20 and 20 for a token, ln 1e-8 and 20 for the answer.
///
/// @param positivePower  k of answers with A ≥ 0, at least 0
/// @param positiveDecay  λ of the same, above 0
/// @param negativePower  k of answers with A < 0
/// @param negativeDecay  λ of the same
public record Vespo(double positivePower, double positiveDecay, double negativePower, double negativeDecay) {
    private static final double HIGHEST = 20;
    private static final double LOWEST = Math.log(1e-8);

    /// @throws gradus.error.ConfigException if a number is out of range
    public Vespo {
        for (double power : new double[] {positivePower, negativePower}) {
            require(power >= 0 && Double.isFinite(power), "vespo: a power must be at least 0; got %s", power);
        }
        for (double decay : new double[] {positiveDecay, negativeDecay}) {
            require(decay > 0 && Double.isFinite(decay), "vespo: a decay must be above 0; got %s", decay);
        }
    }

    /// k = 2 and λ = 3 where A ≥ 0, k = 3 and λ = 2 elsewhere, as in TRL.
    public static Vespo defaults() {
        return new Vespo(2, 3, 3, 2);
    }

    /// **Shapes** logProbs (N, T), old (N, T), mask (N, T), advantages (N, 1) → (N, T)
    ///
    /// @param logProbs   ln π of the sampled tokens
    /// @param old        ln π_old of the same tokens, used detached
    /// @param mask       1 at the tokens of the answer, 0 elsewhere
    /// @param advantages A of each answer, used detached
    /// @throws gradus.error.ShapeException if the shapes do not fit
    public Tensor of(Tensor logProbs, Tensor old, Tensor mask, Tensor advantages) {
        TokenShapes.requireAlike("vespo", "logProbs", logProbs, "old", old);
        TokenShapes.requireAlike("vespo", "logProbs", logProbs, "mask", mask);
        TokenShapes.requireColumns("vespo", "advantages", advantages, logProbs.slice(1, 0, 1));
        double[] sums = logProbs.detach()
                .sub(old.detach())
                .clamp(-HIGHEST, HIGHEST)
                .maskedFill(mask.eq(0), 0)
                .sum(-1)
                .toArray();
        double[] each = advantages.toArray();
        double[] weights = new double[sums.length];
        for (int i = 0; i < sums.length; i++) {
            double log = Math.clamp(sums[i], LOWEST, HIGHEST);
            double power = each[i] >= 0 ? positivePower : negativePower;
            double decay = each[i] >= 0 ? positiveDecay : negativeDecay;
            weights[i] = -each[i] * Math.exp(power * log + decay * (1 - Math.exp(log)));
        }
        return logProbs.mul(advantages.newEmpty(advantages.shape()).set(weights)); // (N, T)
    }
}
