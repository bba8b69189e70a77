package gradus.layers.model;

import gradus.layers.model.config.GptConfig;
import gradus.layers.position.Position;
import gradus.tensor.random.Rng;

/// What the blocks of a [Gpt] are: [TransformerBlock#of], or one of your own.
@FunctionalInterface
public interface BlockChoice {
    /// @param config   the model's sizes and parts
    /// @param position of this block, see [Position#forBlock]
    /// @param rng      random numbers for the initial weights
    Block create(GptConfig config, Position position, Rng rng);
}
