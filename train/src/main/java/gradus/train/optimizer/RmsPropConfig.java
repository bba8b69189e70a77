package gradus.train.optimizer;

import static gradus.error.ConfigException.require;

/// The settings of [RmsProp].
///
/// @param alpha       α in [0, 1): the decay rate of the running mean of the squared gradient
/// @param eps         ε, above 0
/// @param weightDecay λ, at least 0
public record RmsPropConfig(double alpha, double eps, double weightDecay) {

    /// @throws gradus.error.ConfigException if a number is out of range
    public RmsPropConfig {
        require(alpha >= 0 && alpha < 1, "RmsProp: alpha must be in [0, 1); got %s", alpha);
        require(eps > 0 && Double.isFinite(eps), "RmsProp: eps must be a number above 0; got %s", eps);
        require(
                weightDecay >= 0 && Double.isFinite(weightDecay),
                "RmsProp: weightDecay must be a number of at least 0; got %s",
                weightDecay);
    }

    /// PyTorch's: 0.99, 1e-8, no decay.
    public static RmsPropConfig defaults() {
        return new RmsPropConfig(0.99, 1e-8, 0);
    }

    public RmsPropConfig withAlpha(double alpha) {
        return new RmsPropConfig(alpha, eps, weightDecay);
    }

    public RmsPropConfig withEps(double eps) {
        return new RmsPropConfig(alpha, eps, weightDecay);
    }

    public RmsPropConfig withWeightDecay(double weightDecay) {
        return new RmsPropConfig(alpha, eps, weightDecay);
    }
}
