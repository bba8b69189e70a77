package gradus.layers.model;

import gradus.layers.position.LearnedPositions;
import gradus.layers.position.NoPosition;
import gradus.layers.position.Position;
import gradus.tensor.Rng;

/// The ways of telling positions that a [GptConfig] can name.
public final class Positions {
    private Positions() {}

    /// [LearnedPositions]: a row of a table for each position up to the context.
    public record Learned() implements PositionChoice {
        @Override
        public Position create(GptConfig config, Rng rng) {
            return new LearnedPositions(config.context(), config.dim());
        }
    }

    /// [NoPosition]: nothing but what the mask gives away.
    public record None() implements PositionChoice {
        @Override
        public Position create(GptConfig config, Rng rng) {
            return new NoPosition();
        }
    }
}
