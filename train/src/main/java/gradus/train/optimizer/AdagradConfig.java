package gradus.train.optimizer;

import static gradus.error.ConfigException.require;

/// The settings of [Adagrad].
///
/// @param eps         ε, above 0
/// @param weightDecay λ, at least 0
public record AdagradConfig(double eps, double weightDecay) {

    /// @throws gradus.error.ConfigException if a number is out of range
    public AdagradConfig {
        require(eps > 0 && Double.isFinite(eps), "Adagrad: eps must be a number above 0; got %s", eps);
        require(
                weightDecay >= 0 && Double.isFinite(weightDecay),
                "Adagrad: weightDecay must be a number of at least 0; got %s",
                weightDecay);
    }

    /// PyTorch's: 1e-10, no decay.
    public static AdagradConfig defaults() {
        return new AdagradConfig(1e-10, 0);
    }

    public AdagradConfig withEps(double eps) {
        return new AdagradConfig(eps, weightDecay);
    }

    public AdagradConfig withWeightDecay(double weightDecay) {
        return new AdagradConfig(eps, weightDecay);
    }
}
