package gradus.train.optimizer;

import static gradus.error.ConfigException.require;

/// What [Muon] is set to.
///
/// @param momentum μ in [0, 1)
/// @param scale    how far an orthogonal matrix goes
/// @param others   [AdamW]'s settings for what is no matrix of a block; λ is for the matrices too
public record MuonConfig(double momentum, MuonScale scale, AdamConfig others) {

    /// @throws gradus.error.ConfigException if a value is out of range or missing
    public MuonConfig {
        require(momentum >= 0 && momentum < 1, "momentum must be in [0, 1); got %s", momentum);
        require(scale != null, "a scale must be given; got null");
        require(others != null, "settings for the other parameters must be given; got null");
    }

    /// The paper's momentum of 0.95, with AdamW's rate and AdamW for the rest.
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
