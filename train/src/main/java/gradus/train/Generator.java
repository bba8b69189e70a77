package gradus.train;

import gradus.layers.model.LanguageModel;
import gradus.tensor.Rng;
import java.util.function.IntPredicate;

/// Lets a model write: one token after the other, each picked from what the model expects after those before it.
public final class Generator {
    private final LanguageModel model;
    private final Sampling sampling;

    public Generator(LanguageModel model, Sampling sampling) {
        this.model = model;
        this.sampling = sampling;
    }

    /// Goes on from a prompt. Once the text is longer than the model's context, the model sees its end only.
    ///
    /// @param prompt  at least one token, at most the model's context
    /// @param limit   the most tokens to add
    /// @param rng     what the picks follow from: pick i takes number i
    /// @param onToken hears each token as it comes and says whether to go on
    /// @return the added tokens, without the prompt
    /// @throws gradus.error.ConfigException  if the prompt is empty, longer than the context, or has unknown tokens
    /// @throws gradus.error.NumericException if the logits are NaN
    public int[] generate(int[] prompt, int limit, Rng rng, IntPredicate onToken) {
        throw new UnsupportedOperationException("soon");
    }
}
