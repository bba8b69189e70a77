package gradus.train.finetune;

import gradus.layers.model.LanguageModel;
import gradus.tensor.Rng;

/// A way of fine-tuning a model: all of it, an adapter, a soft prompt.
public interface TuningMethod {

    /// Prepares a base: freezes what stays and adds what is learnt.
    ///
    /// @param base a published model, which is changed
    /// @param rng  random numbers for first values
    /// @throws gradus.error.ConfigException if the method does not fit the base
    Tuned on(LanguageModel base, Rng rng);

    /// The same for a method that also reads the base's tokens, as one that starts from a text.
    ///
    /// @throws gradus.error.ConfigException if the method does not fit the base
    default Tuned on(OpenBase base, Rng rng) {
        return on(base.model(), rng);
    }
}
