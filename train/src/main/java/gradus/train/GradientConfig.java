package gradus.train;

import static gradus.error.ConfigException.require;

/// How a [Trainer] computes the gradient of a step.
///
/// @param clip          the largest norm that the gradient may have; a longer one is scaled down to it
///                      ([gradus.train.optimizer.Clip]). 0 leaves every gradient as it is
/// @param checkpointing whether each block's activations are computed again in the backward pass instead of
///                      being kept (gradient checkpointing): less memory, more work, the same numbers
public record GradientConfig(double clip, boolean checkpointing) {

    /// @throws gradus.error.ConfigException if the norm is negative or not finite
    public GradientConfig {
        require(clip >= 0 && Double.isFinite(clip), "clip must be a number of at least 0; got %s", clip);
    }

    /// Clipped at 1, without checkpointing.
    public static GradientConfig defaults() {
        return new GradientConfig(1, false);
    }

    public GradientConfig withClip(double clip) {
        return new GradientConfig(clip, checkpointing);
    }

    public GradientConfig withCheckpointing(boolean checkpointing) {
        return new GradientConfig(clip, checkpointing);
    }
}
