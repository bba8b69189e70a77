package gradus.train.optimizer;

import static gradus.error.ConfigException.require;

/// The settings of [Sgd].
///
/// @param momentum    μ in [0, 1); 0 for none
/// @param nesterov    whether to take Nesterov's form, which needs a momentum
/// @param weightDecay λ, at least 0
public record SgdConfig(double momentum, boolean nesterov, double weightDecay) {

    /// @throws gradus.error.ConfigException if a number is out of range, or Nesterov's form has no momentum
    public SgdConfig {
        require(momentum >= 0 && momentum < 1, "Sgd: momentum must be in [0, 1); got %s", momentum);
        require(momentum > 0 || !nesterov, "Sgd: Nesterov's form needs a momentum above 0; got %s", momentum);
        require(
                weightDecay >= 0 && Double.isFinite(weightDecay),
                "Sgd: weightDecay must be a number of at least 0; got %s",
                weightDecay);
    }

    /// Plain: `θ ← θ - lr·g`.
    public static SgdConfig defaults() {
        return new SgdConfig(0, false, 0);
    }

    /// With momentum, in Nesterov's form or in Polyak's.
    public SgdConfig withMomentum(double momentum, boolean nesterov) {
        return new SgdConfig(momentum, nesterov, weightDecay);
    }

    public SgdConfig withWeightDecay(double weightDecay) {
        return new SgdConfig(momentum, nesterov, weightDecay);
    }
}
