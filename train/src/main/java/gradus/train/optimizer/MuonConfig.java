package gradus.train.optimizer;

import static gradus.error.ConfigException.require;

/// The settings of [Muon].
///
/// @param momentum μ in [0, 1)
/// @param scale    the factor for the step of a matrix
/// @param others   the settings of [AdamW] for all other parameters; λ applies to the matrices too
public record MuonConfig(double momentum, MuonScale scale, AdamConfig others) {

    /// @throws gradus.error.ConfigException if a value is out of range or missing
    public MuonConfig {
        require(momentum >= 0 && momentum < 1, "momentum must be in [0, 1); got %s", momentum);
        require(scale != null, "a scale must be given; got null");
        require(others != null, "settings for the other parameters must be given; got null");
    }

    /// The paper's momentum of 0.95, with a scale that suits AdamW's learning rate, and AdamW for the other
    /// parameters.
    public static MuonConfig defaults() {
        return new MuonConfig(0.95, MuonScale.AS_ADAMW, AdamConfig.defaults());
    }

    public MuonConfig withMomentum(double momentum) {
        return new MuonConfig(momentum, scale, others);
    }

    public MuonConfig withScale(MuonScale scale) {
        return new MuonConfig(momentum, scale, others);
    }

    public MuonConfig withOthers(AdamConfig others) {
        return new MuonConfig(momentum, scale, others);
    }
}
