package gradus.train.optimizer;

import static gradus.error.ConfigException.require;

/// The settings of [Lion].
///
/// @param beta1       β₁ in [0, 1): the share of the running mean in the direction of a step
/// @param beta2       β₂ in [0, 1): the decay rate of the running mean
/// @param weightDecay λ, at least 0
public record LionConfig(double beta1, double beta2, double weightDecay) {

    /// @throws gradus.error.ConfigException if a number is out of range
    public LionConfig {
        require(beta1 >= 0 && beta1 < 1, "beta1 must be in [0, 1); got %s", beta1);
        require(beta2 >= 0 && beta2 < 1, "beta2 must be in [0, 1); got %s", beta2);
        require(
                weightDecay >= 0 && Double.isFinite(weightDecay),
                "weightDecay must be a number of at least 0; got %s",
                weightDecay);
    }

    /// The paper's: 0.9, 0.99, and no decay.
    public static LionConfig defaults() {
        return new LionConfig(0.9, 0.99, 0);
    }

    public LionConfig withBeta1(double beta1) {
        return new LionConfig(beta1, beta2, weightDecay);
    }

    public LionConfig withBeta2(double beta2) {
        return new LionConfig(beta1, beta2, weightDecay);
    }

    public LionConfig withWeightDecay(double weightDecay) {
        return new LionConfig(beta1, beta2, weightDecay);
    }
}
