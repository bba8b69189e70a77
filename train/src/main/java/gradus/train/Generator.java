package gradus.train;

import static gradus.error.ConfigException.require;

import gradus.layers.model.LanguageModel;
import gradus.tensor.Autograd;
import gradus.tensor.Indices;
import gradus.tensor.Rng;
import gradus.tensor.Scope;
import gradus.tensor.Shape;
import java.util.Arrays;
import java.util.function.IntPredicate;

/// Lets a model write: one token after the other, each picked from what the model expects after those before it. Every
/// token costs a forward pass over the whole window.
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
    /// @throws gradus.error.NumericException if the logits are not numbers
    public int[] generate(int[] prompt, int limit, Rng rng, IntPredicate onToken) {
        require(limit >= 0, "generate: the limit must be at least 0; got %d", limit);
        requireKnown(prompt);
        int[] text = prompt.clone();
        int length = prompt.length;
        boolean training = model.training();
        model.eval();
        try (var pause = Autograd.noGrad()) {
            boolean goOn = true;
            while (goOn && length - prompt.length < limit) {
                if (length == text.length) {
                    text = Arrays.copyOf(text, 2 * length);
                }
                double[] logits = logits(text, length);
                double[] distribution = sampling.distribution(logits, Arrays.copyOf(text, length));
                text[length] = Sampling.pick(distribution, rng.uniform(length - prompt.length));
                goOn = onToken.test(text[length++]);
            }
        } finally {
            if (training) {
                model.train();
            }
        }
        return Arrays.copyOfRange(text, prompt.length, length);
    }

    private double[] logits(int[] text, int length) {
        int[] window = Arrays.copyOfRange(text, Math.max(0, length - model.context()), length);
        try (var scope = Scope.open()) {
            return model.lastLogits(Indices.of(Shape.of(1, window.length), window)) // (1, V)
                    .toArray();
        }
    }

    private void requireKnown(int[] prompt) {
        require(
                prompt.length >= 1 && prompt.length <= model.context(),
                "generate: the prompt must have between 1 token and the context of %d; got %d",
                model.context(),
                prompt.length);
        for (int i = 0; i < prompt.length; i++) {
            require(
                    prompt[i] >= 0 && prompt[i] < model.vocabSize(),
                    "generate: token %d at position %d of the prompt is outside the vocabulary 0..%d",
                    prompt[i],
                    i,
                    model.vocabSize() - 1);
        }
    }
}
