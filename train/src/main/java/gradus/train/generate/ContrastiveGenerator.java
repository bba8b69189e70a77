package gradus.train.generate;

import static gradus.error.ConfigException.require;

import gradus.layers.model.LanguageModel;
import gradus.tensor.random.Rng;
import java.util.Arrays;
import java.util.function.IntPredicate;

/// Contrastive decoding: what a good model, the expert, finds likelier than a poor one, the amateur. Dull and
/// repeated words are likely for both, so the difference leaves them out:
///
/// `score(x) = log p_expert(x) − log p_amateur(x)` where `p_expert(x) ≥ α·max p_expert`, else −∞
///
/// Without the second line, a word that both find absurd would win where the amateur finds it still more
/// absurd. The scores are the logits of a [Sampling]. Li et al. 2022, arXiv:2210.15097, with α = 0.1 there.
public final class ContrastiveGenerator implements Decoding {
    private final LanguageModel expert;
    private final LanguageModel amateur;
    private final double alpha;
    private final Sampling sampling;
    private final IntPredicate drawable;

    /// @param expert   in evaluation
    /// @param amateur  in evaluation
    /// @param alpha    above 0, up to 1, which leaves the expert's likeliest token alone
    /// @param drawable the tokens that may be drawn
    /// @throws gradus.error.ConfigException if the vocabularies differ or alpha is out of range
    public ContrastiveGenerator(
            LanguageModel expert, LanguageModel amateur, double alpha, Sampling sampling, IntPredicate drawable) {
        require(alpha > 0 && alpha <= 1, "alpha must be in (0, 1]; got %s", alpha);
        require(
                expert.vocabSize() == amateur.vocabSize(),
                "expert and amateur must have the same tokens; the expert has %d, the amateur %d",
                expert.vocabSize(),
                amateur.vocabSize());
        this.expert = expert;
        this.amateur = amateur;
        this.alpha = alpha;
        this.sampling = sampling;
        this.drawable = drawable;
    }

    /// Past the amateur's context, it sees the end of the text.
    @Override
    public int[] generate(int[] prompt, int limit, Rng rng, IntPredicate onToken) {
        try (CachedLogits ofExpert = new CachedLogits(expert);
                CachedLogits ofAmateur = new CachedLogits(amateur)) {
            return CombinedLogits.generate(expert, sampling, prompt, limit, rng, onToken, ids -> {
                int[] seen = Arrays.copyOfRange(ids, Math.max(0, ids.length - amateur.context()), ids.length);
                return scores(ofExpert.after(ids), ofAmateur.after(seen));
            });
        }
    }

    private double[] scores(double[] expertLogits, double[] amateurLogits) {
        double[] good = CombinedLogits.logProbabilities(expertLogits, drawable);
        double[] poor = CombinedLogits.logProbabilities(amateurLogits, drawable);
        double bound = Math.log(alpha) + Arrays.stream(good).max().orElseThrow();
        double[] scores = new double[good.length];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = good[i] >= bound ? good[i] - poor[i] : Double.NEGATIVE_INFINITY;
        }
        return scores;
    }
}
