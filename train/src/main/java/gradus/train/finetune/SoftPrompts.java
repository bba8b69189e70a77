package gradus.train.finetune;

import static gradus.error.ConfigException.require;

import gradus.error.ConfigException;
import gradus.layers.model.LanguageModel;
import gradus.layers.model.prompt.PromptTuned;
import gradus.layers.model.prompt.SoftPrompted;
import gradus.layers.prompt.SoftPrompt;
import java.util.function.BiFunction;
import java.util.function.Function;

/// What the methods that train a soft prompt share.
final class SoftPrompts {
    static final Function<String, int[]> NO_TOKENIZER = text -> {
        throw ConfigException.of("a prompt that starts from a text needs the base's tokenizer");
    };

    private SoftPrompts() {}

    /// The number of virtual tokens, if they leave room for others.
    static int fitting(int count, LanguageModel base) {
        require(count >= 1, "num_virtual_tokens must be at least 1; got %d", count);
        require( // BAD-INPUT 33
                count < base.context(),
                "num_virtual_tokens: %d leave no room for a token in the context of %d; use fewer",
                count,
                base.context());
        return count;
    }

    /// Puts a prompt of the base's number type before it.
    static <P extends SoftPrompt> Tuned tuned(
            LanguageModel base, P prompt, BiFunction<LanguageModel, SoftPrompt, SoftPrompted> put) {
        prompt.to(PromptTuned.tokens(base).weight().dtype());
        return new SoftPromptTuned(put.apply(base, prompt));
    }
}
