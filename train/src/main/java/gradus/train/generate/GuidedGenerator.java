package gradus.train.generate;

import static gradus.error.ConfigException.require;

import gradus.layers.model.LanguageModel;
import gradus.tensor.random.Rng;
import java.util.Arrays;
import java.util.function.IntPredicate;

/// Classifier-free guidance: goes further into the direction that the prompt gives. What a model writes behind
/// the prompt is compared with what it writes behind another beginning, commonly almost none:
///
/// `log p̂(x) = log p(x | other) + γ·(log p(x | prompt) − log p(x | other))`
///
/// γ = 1 is the model itself, γ = 0 forgets the prompt, and above 1 the text keeps to the prompt more than the
/// model would. With a beginning that says what is not wanted, it is a negative prompt. Sanchez et al. 2023,
/// arXiv:2306.17806, for texts what Ho & Salimans 2022, arXiv:2207.12598, do for pictures.
public final class GuidedGenerator implements Decoding {
    private final LanguageModel model;
    private final double scale;
    private final int[] other;
    private final Sampling sampling;
    private final IntPredicate drawable;

    /// @param model    in evaluation
    /// @param scale    γ, a number of at least 0
    /// @param other    the other beginning; none for the last token of the prompt alone, as in the paper
    /// @param drawable the tokens that may be drawn
    /// @throws gradus.error.ConfigException if a value is out of range
    public GuidedGenerator(LanguageModel model, double scale, int[] other, Sampling sampling, IntPredicate drawable) {
        require(scale >= 0 && Double.isFinite(scale), "scale must be a number of at least 0; got %s", scale);
        if (other.length > 0) {
            Prompts.requireKnown(other, model);
        }
        this.model = model;
        this.scale = scale;
        this.other = other.clone();
        this.sampling = sampling;
        this.drawable = drawable;
    }

    /// Past the context, the other text is seen by its end.
    @Override
    public int[] generate(int[] prompt, int limit, Rng rng, IntPredicate onToken) {
        try (CachedLogits with = new CachedLogits(model);
                CachedLogits without = new CachedLogits(model)) {
            return CombinedLogits.generate(model, sampling, prompt, limit, rng, onToken, ids -> {
                int[] added = Arrays.copyOfRange(ids, other.length > 0 ? prompt.length : prompt.length - 1, ids.length);
                int[] beside = Arrays.copyOf(other, other.length + added.length);
                System.arraycopy(added, 0, beside, other.length, added.length);
                int[] seen = Arrays.copyOfRange(beside, Math.max(0, beside.length - model.context()), beside.length);
                return guided(with.after(ids), without.after(seen));
            });
        }
    }

    private double[] guided(double[] with, double[] without) {
        double[] p = CombinedLogits.logProbabilities(with, drawable);
        double[] o = CombinedLogits.logProbabilities(without, drawable);
        double[] guided = new double[p.length];
        for (int i = 0; i < p.length; i++) {
            boolean never = p[i] == Double.NEGATIVE_INFINITY || o[i] == Double.NEGATIVE_INFINITY;
            guided[i] = never ? Double.NEGATIVE_INFINITY : o[i] + scale * (p[i] - o[i]);
        }
        return guided;
    }
}
