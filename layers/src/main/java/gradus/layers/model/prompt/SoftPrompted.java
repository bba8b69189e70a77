package gradus.layers.model.prompt;

import static gradus.error.ConfigException.require;

import gradus.layers.attention.cache.KvCaches;
import gradus.layers.model.LanguageModel;
import gradus.layers.prompt.SoftPrompt;
import gradus.tensor.Tensor;

/// A language model with a soft prompt before every sequence. The model is frozen; only the prompt is trained. It
/// is trained, evaluated and asked for text like any other: the prompt comes by itself, and takes n places of the
/// model's context, so that [#context] is n smaller.
///
/// The model's parameters keep their names; those of the prompt follow, each under `prompt`.
public abstract sealed class SoftPrompted extends LanguageModel permits PromptTuned, PrefixTuned {
    private final LanguageModel base;
    private final SoftPrompt prompt;

    /// @throws gradus.error.ConfigException if the prompt leaves no room in the context, or there is one already
    SoftPrompted(LanguageModel base, SoftPrompt prompt) {
        requireNone(base);
        require( // BAD-INPUT 33
                prompt.count() < base.context(),
                "soft prompt: %d virtual tokens leave no room for a token in the context of %d; use fewer",
                prompt.count(),
                base.context());
        super(base.vocabSize(), base.context() - prompt.count());
        this.base = base;
        this.prompt = prompt;
        base.freeze();
        wrapped(base);
        child("prompt", prompt);
    }

    /// Throws if a model has a soft prompt already.
    static void requireNone(LanguageModel model) {
        require(!(model instanceof SoftPrompted), "soft prompt: the model has one already");
    }

    /// The model without the prompt.
    public final LanguageModel base() {
        return base;
    }

    /// What is trained.
    public final SoftPrompt prompt() {
        return prompt;
    }

    @Override
    public final int virtualTokens() {
        return prompt.count();
    }

    @Override
    public Tensor states(Tensor x, KvCaches caches) {
        return base.states(x, caches); // (B, T, C)
    }

    @Override
    public final Tensor logits(Tensor states) {
        return base.logits(states); // (..., V)
    }

    @Override
    protected final KvCaches newCaches(int... paddings) {
        return base.caches(paddings);
    }

    @Override
    public final boolean cacheable() {
        return base.cacheable();
    }
}
