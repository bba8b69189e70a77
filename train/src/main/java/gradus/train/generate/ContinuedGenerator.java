package gradus.train.generate;

import static gradus.error.ConfigException.require;

import gradus.layers.attention.cache.KvCaches;
import gradus.layers.model.LanguageModel;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import java.util.Arrays;
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
    private KvCaches caches; // null while nothing is kept
    private int[] kept = {}; // the tokens in the caches
    private int read;

    /// @param model    in evaluation
    /// @param drawable the tokens that may be drawn
    public ContinuedGenerator(LanguageModel model, IntPredicate drawable) {
        this.model = model;
        this.drawable = drawable;
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
        read = 0;
        boolean goOn = limit > 0;
        try (var pause = Autograd.noGrad()) {
            while (goOn) {
                double[][] logits = {next(text.last(text.length()))};
                int token = text.grow(sampling, Drawable.masked(logits, drawable)[0]);
                goOn = onToken.test(token) && text.added() < limit && text.length() <= model.context();
            }
        } catch (RuntimeException failed) { // nobody knows what the caches hold
            close();
            throw failed;
        }
        return text.addedTokens();
    }

    /// How many tokens the last call read: those of its prompt that were not kept, and all but the last of those
    /// that it added.
    public int read() {
        return read;
    }

    /// The logits of the token that follows.
    private double[] next(int[] ids) {
        if (!model.cacheable()) {
            read += ids.length;
            return logits(ids, null);
        }
        int same = Arrays.mismatch(kept, ids);
        same = Math.min(same < 0 ? ids.length : same, ids.length - 1); // the last one gives the logits
        if (caches == null) {
            caches = model.caches();
        }
        if (same < model.tokensIn(caches)) {
            caches.truncate(model.virtualTokens() + same);
        }
        int[] fresh = Arrays.copyOfRange(ids, model.tokensIn(caches), ids.length);
        kept = ids;
        read += fresh.length;
        return logits(fresh, caches);
    }

    private double[] logits(int[] ids, KvCaches where) {
        Indices row = Indices.of(Shape.of(1, ids.length), ids);
        try (var scope = Scope.open()) {
            return NextLogits.rows(where == null ? model.lastLogits(row) : model.lastLogits(row, where))[0]; // (V)
        }
    }

    /// Frees the memory of the caches; the generator can go on from nothing.
    @Override
    public void close() {
        if (caches != null) {
            caches.clear();
        }
        caches = null;
        kept = new int[0];
    }
}
