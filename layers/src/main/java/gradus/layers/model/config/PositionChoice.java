package gradus.layers.model.config;

import gradus.layers.position.Position;
import gradus.tensor.random.Rng;

/// How a model learns where its tokens stand. [Positions] lists the ways of this library.
@FunctionalInterface
public interface PositionChoice {
    /// @param config the model's sizes
    /// @param rng    random numbers for the initial weights
    Position create(GptConfig config, Rng rng);
}
