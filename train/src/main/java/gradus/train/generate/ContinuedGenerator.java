package gradus.train.generate;

import static gradus.error.ConfigException.require;

import gradus.layers.model.LanguageModel;
import gradus.tensor.Autograd;
import gradus.tensor.random.Rng;
import java.util.function.IntPredicate;

/// A generator for prompts of which each goes on where the last one ended, as the turns of a conversation do.
/// Keys and values stay between calls: of a new prompt only what differs from the last text is read. What it
/// writes is what [Generator] writes for the same prompt.
///
/// A text ends where the model's context does. A model that cannot use a cache reads its whole text for each
/// token.
public final class ContinuedGenerator implements AutoCloseable {
    private final LanguageModel model;
    private final IntPredicate drawable;
    private final CachedLogits logits;
    private long before; // what was read for earlier prompts

    /// @param model    in evaluation
    /// @param drawable the tokens that may be drawn
    public ContinuedGenerator(LanguageModel model, IntPredicate drawable) {
        this.model = model;
        this.drawable = drawable;
        this.logits = new CachedLogits(model);
    }

    /// Continues a prompt.
    ///
    /// @param prompt  at least one token, at most the model's context
    /// @param limit   the most tokens to add
    /// @param rng     random numbers for the choice of tokens: token i uses number i
    /// @param onToken is called with each new token, and returns whether to continue
    /// @return the added tokens; fewer than the limit where the context is full or `onToken` ended it
    /// @throws gradus.error.ConfigException if the prompt is empty, too long or has unknown tokens
    public int[] generate(int[] prompt, Sampling sampling, int limit, Rng rng, IntPredicate onToken) {
        Prompts.requireKnown(prompt, model);
        require(limit >= 0, "generate: the limit must be at least 0; got %d", limit);
        Text text = new Text(prompt, rng);
        before = logits.read();
        boolean goOn = limit > 0;
        try (var pause = Autograd.noGrad()) {
            while (goOn) {
                double[][] next = {logits.after(text.last(text.length()))};
                int token = text.grow(sampling, Drawable.masked(next, drawable)[0]);
                goOn = onToken.test(token) && text.added() < limit && text.length() <= model.context();
            }
        } catch (RuntimeException failed) { // nobody knows what the caches hold
            close();
            throw failed;
        }
        return text.addedTokens();
    }

    /// How many tokens the last call read: those of its prompt that were not kept, and all but the last of
    /// those that it added.
    public int read() {
        return (int) (logits.read() - before);
    }

    /// Frees the memory of the caches; the generator can go on from nothing.
    @Override
    public void close() {
        logits.close();
    }
}
