package gradus.train.finetune;

import gradus.layers.model.LanguageModel;
import gradus.layers.model.prompt.PrefixTuned;
import gradus.layers.prompt.PromptTable;
import gradus.tensor.random.Rng;
import java.util.function.Function;

/// Trains keys and values before those of every sequence, in all blocks: Li & Liang 2021, arXiv:2101.00190. From
/// tokens it starts as a real prefix, the keys and values that the base computes for them; peft's own comparison
/// reached 42 % of a benchmark so, and 19 % with a fifth of the learning rate.
///
/// @param count how many virtual tokens there are; 0 for [PromptStart#usualCount]
public record PrefixTuning(int count, PromptStart start) implements TuningMethod {

    /// Without a tokenizer, so that it cannot start from a text.
    @Override
    public Tuned on(LanguageModel base, Rng rng) {
        return on(base, SoftPrompts.NO_TOKENIZER, rng);
    }

    @Override
    public Tuned on(OpenBase base, Rng rng) {
        return on(base.model(), base.saved().text()::encode, rng);
    }

    private Tuned on(LanguageModel base, Function<String, int[]> encode, Rng rng) {
        int n = SoftPrompts.fitting(count == 0 ? start.usualCount(encode) : count, base);
        int[] tokens = start.tokens(n, base, encode, rng);
        PromptTable prompt = tokens == null
                ? new PromptTable(n, PrefixTuned.width(base), rng)
                : new PromptTable(PrefixTuned.ofTokens(base, tokens));
        return SoftPrompts.tuned(base, prompt, PrefixTuned::new);
    }
}
