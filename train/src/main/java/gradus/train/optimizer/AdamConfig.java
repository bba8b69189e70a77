package gradus.train.optimizer;

import static gradus.error.ConfigException.require;

/// What [Adam] and [AdamW] are set to.
///
/// @param beta1       β₁ in [0, 1): how long the mean of the gradient remembers
/// @param beta2       β₂ in [0, 1): how long the mean of its square remembers
/// @param eps         ε, above 0
/// @param weightDecay λ, at least 0
public record AdamConfig(double beta1, double beta2, double eps, double weightDecay) {

    /// @throws gradus.error.ConfigException if a number is out of range
    public AdamConfig {
        require(beta1 >= 0 && beta1 < 1, "beta1 must be in [0, 1); got %s", beta1);
        require(beta2 >= 0 && beta2 < 1, "beta2 must be in [0, 1); got %s", beta2);
        require(eps > 0 && Double.isFinite(eps), "eps must be a number above 0; got %s", eps);
        require(
                weightDecay >= 0 && Double.isFinite(weightDecay),
                "weightDecay must be a number of at least 0; got %s",
                weightDecay);
    }

    /// PyTorch's for AdamW: 0.9, 0.999, 1e-8, 0.01.
    public static AdamConfig defaults() {
        return new AdamConfig(0.9, 0.999, 1e-8, 0.01);
    }

    public AdamConfig withBeta1(double beta1) {
        return new AdamConfig(beta1, beta2, eps, weightDecay);
    }

    public AdamConfig withBeta2(double beta2) {
        return new AdamConfig(beta1, beta2, eps, weightDecay);
    }

    public AdamConfig withEps(double eps) {
        return new AdamConfig(beta1, beta2, eps, weightDecay);
    }

    public AdamConfig withWeightDecay(double weightDecay) {
        return new AdamConfig(beta1, beta2, eps, weightDecay);
    }
}
