package gradus.train.finetune;

import gradus.error.UsageException;
import gradus.layers.model.LanguageModel;
import gradus.tensor.random.Rng;

/// A way of fine-tuning a model: all of it, an adapter, a soft prompt.
public interface TuningMethod {

    /// Prepares a base: freezes what stays and adds what is learnt.
    ///
    /// @param base a published model, which is changed
    /// @param rng  random numbers for first values
    /// @throws gradus.error.ConfigException if the method does not fit the base
    Tuned on(LanguageModel base, Rng rng);

    /// The same method for a base that has got tokens, whose rows must be learnt.
    ///
    /// @param from the first of them
    /// @param to   one above the last
    /// @throws UsageException if this method learns nothing of tokens
    default TuningMethod withNewTokens(int from, int to) {
        throw new UsageException("the base lacks tokens of the chat template, which this method does not learn;"
                + " --method lora, qlora, dora or full learns them, and --chat-template plain needs none");
    }

    /// The same for a method that also reads the base's tokens, as one that starts from a text.
    ///
    /// @throws gradus.error.ConfigException if the method does not fit the base
    default Tuned on(OpenBase base, Rng rng) {
        return on(base.model(), rng);
    }
}
