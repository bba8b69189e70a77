package gradus.train.generate;

import gradus.tensor.random.Rng;
import java.util.function.IntPredicate;

/// A way to continue a prompt, token by token: [Generator], [SpeculativeGenerator], [ContrastiveGenerator],
/// [GuidedGenerator], or one of your own.
@FunctionalInterface
public interface Decoding {
    /// @param prompt  at least one token, at most the model's context
    /// @param limit   the most tokens to add
    /// @param rng     random numbers for the choice of tokens
    /// @param onToken is called with each new token, and returns whether to continue
    /// @return the added tokens, without the prompt
    /// @throws gradus.error.ConfigException  if the prompt is empty, longer than the context, or has unknown
    ///                                       tokens
    /// @throws gradus.error.NumericException if a logit is not a number
    int[] generate(int[] prompt, int limit, Rng rng, IntPredicate onToken);
}
