package gradus.train.finetune;

import static gradus.error.ConfigException.require;

import gradus.layers.model.LanguageModel;
import gradus.tensor.random.Rng;
import java.util.function.Function;

/// What a soft prompt is before training. Much depends on it, and on the learning rate: see
/// [PromptTuning].
public sealed interface PromptStart {

    /// Numbers from the standard normal distribution, as in peft.
    record Random() implements PromptStart {}

    /// Tokens that are drawn from the vocabulary, each equally likely: Lester et al. 2021, section 3.2.
    record Vocabulary() implements PromptStart {}

    /// A text's tokens, repeated or cut to as many as there are virtual tokens.
    record Text(String text) implements PromptStart {
        /// @throws gradus.error.ConfigException if there is no text
        public Text {
            require(text != null && !text.isEmpty(), "the text that a prompt starts from must not be empty");
        }
    }

    /// How many virtual tokens there are if nobody says: as many as the text has tokens, else 20.
    ///
    /// @param encode computes a text's tokens
    default int usualCount(Function<String, int[]> encode) {
        return this instanceof Text start ? encode.apply(start.text).length : 20;
    }

    /// The tokens to start from, or null for random numbers.
    ///
    /// @param encode computes a text's tokens
    /// @throws gradus.error.ConfigException if a text has none
    default int[] tokens(int count, LanguageModel model, Function<String, int[]> encode, Rng rng) {
        return switch (this) {
            case Random random -> null;
            case Vocabulary vocabulary -> {
                int[] tokens = new int[count];
                for (int i = 0; i < count; i++) {
                    tokens[i] = rng.at("vocabulary").index(i, model.vocabSize());
                }
                yield tokens;
            }
            case Text start -> {
                int[] own = encode.apply(start.text);
                require(own.length > 0, "the text that a prompt starts from has no tokens");
                int[] tokens = new int[count];
                for (int i = 0; i < count; i++) {
                    tokens[i] = own[i % own.length];
                }
                yield tokens;
            }
        };
    }
}
