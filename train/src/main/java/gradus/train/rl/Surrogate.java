package gradus.train.rl;

import gradus.layers.loss.alignment.Cispo;
import gradus.layers.loss.alignment.ClippedSurrogate;
import gradus.layers.loss.alignment.Sapo;
import gradus.layers.loss.alignment.Vespo;
import gradus.tensor.Tensor;

/// What the loss of a token makes of the ratio of the policy to what it was, and of the advantage. At a ratio
/// of 1 all have the gradient of REINFORCE; they differ in how far completions teach that were drawn some steps
/// before.
public enum Surrogate {
    /// [ClippedSurrogate]: beyond ε_low and ε_high, nothing. GRPO and most others.
    CLIPPED {
        @Override
        Tensor of(Tokens tokens, RatioConfig config) {
            return ClippedSurrogate.ofLogRatio(
                    tokens.logRatio, tokens.advantages, config.epsilonLow(), config.epsilonHigh(), config.delta());
        }
    },
    /// [Cispo]: the ratio is a weight of at most 1 + ε_high.
    CISPO {
        @Override
        Tensor of(Tokens tokens, RatioConfig config) {
            return Cispo.of(tokens.logProbs, tokens.logRatio, tokens.advantages, 1 + config.epsilonHigh());
        }
    },
    /// [Sapo] with the temperatures 1 and 1.05 of its paper: less and less, the farther the ratio is from 1.
    SAPO {
        @Override
        Tensor of(Tokens tokens, RatioConfig config) {
            return Sapo.of(tokens.logRatio, tokens.advantages, 1, 1.05);
        }
    },
    /// [Vespo] with [Vespo#defaults]: the same by the ratio of the whole completion.
    VESPO {
        @Override
        Tensor of(Tokens tokens, RatioConfig config) {
            return Vespo.defaults().of(tokens.logProbs, tokens.old, tokens.mask, tokens.advantages);
        }
    };

    /// What is known of the tokens of B completions.
    ///
    /// @param logProbs   ln π; (B, T)
    /// @param old        ln π_old; (B, T)
    /// @param mask       1 at their tokens; (B, T)
    /// @param logRatio   by which ratio they are weighed; (B, T) or (B, 1)
    /// @param advantages A; (B, 1)
    record Tokens(Tensor logProbs, Tensor old, Tensor mask, Tensor logRatio, Tensor advantages) {}

    /// The loss of each token.
    ///
    /// **Shapes** → (B, T) or (B, 1)
    abstract Tensor of(Tokens tokens, RatioConfig config);
}
