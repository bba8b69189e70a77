package gradus.layers.model.config;

import gradus.layers.feedforward.FeedForward;
import gradus.tensor.random.Rng;

/// The feed-forward half of a model's blocks. [FeedForwards] lists those of this library.
@FunctionalInterface
public interface FeedForwardChoice {
    /// @param dim C
    /// @param rng random numbers for the initial weights
    FeedForward create(int dim, Rng rng);
}
