package gradus.train.rl;

import static gradus.error.ConfigException.require;

import gradus.layers.loss.alignment.KlEstimator;

/// The settings of [PpoTask], with TRL's names.
///
/// @param gae            γ and λ
/// @param cliprange      ε of the ratio, above 0
/// @param cliprangeValue ε of the values, above 0
/// @param vfCoef         weight of the critic's loss, at least 0
/// @param entropyCoef    weight of the entropy bonus, at least 0
/// @param kl             the price of departing from the reference, paid with every token
/// @param klEstimator    of the divergence that is paid
public record PpoConfig(
        Gae gae,
        double cliprange,
        double cliprangeValue,
        double vfCoef,
        double entropyCoef,
        KlControl kl,
        KlEstimator klEstimator) {

    /// @throws gradus.error.ConfigException if a value is out of range or missing
    public PpoConfig {
        require(gae != null && kl != null && klEstimator != null, "ppo: gae, kl and klEstimator must be given");
        require(cliprange > 0 && Double.isFinite(cliprange), "cliprange must be above 0; got %s", cliprange);
        require(
                cliprangeValue > 0 && Double.isFinite(cliprangeValue),
                "cliprangeValue must be above 0; got %s",
                cliprangeValue);
        require(vfCoef >= 0 && Double.isFinite(vfCoef), "vfCoef must be at least 0; got %s", vfCoef);
        require(
                entropyCoef >= 0 && Double.isFinite(entropyCoef),
                "entropyCoef must be at least 0; got %s",
                entropyCoef);
    }

    /// TRL's: γ 1, λ 0.95, both clip ranges 0.2, weight 0.1 of the critic, β fixed at 0.05 with k1, no bonus.
    public static PpoConfig defaults() {
        return new PpoConfig(Gae.defaults(), 0.2, 0.2, 0.1, 0, new KlControl.Fixed(0.05), KlEstimator.K1);
    }

    public PpoConfig withGae(Gae gae) {
        return new PpoConfig(gae, cliprange, cliprangeValue, vfCoef, entropyCoef, kl, klEstimator);
    }

    public PpoConfig withCliprange(double cliprange) {
        return new PpoConfig(gae, cliprange, cliprangeValue, vfCoef, entropyCoef, kl, klEstimator);
    }

    public PpoConfig withCliprangeValue(double cliprangeValue) {
        return new PpoConfig(gae, cliprange, cliprangeValue, vfCoef, entropyCoef, kl, klEstimator);
    }

    public PpoConfig withVfCoef(double vfCoef) {
        return new PpoConfig(gae, cliprange, cliprangeValue, vfCoef, entropyCoef, kl, klEstimator);
    }

    public PpoConfig withEntropyCoef(double entropyCoef) {
        return new PpoConfig(gae, cliprange, cliprangeValue, vfCoef, entropyCoef, kl, klEstimator);
    }

    public PpoConfig withKl(KlControl kl) {
        return new PpoConfig(gae, cliprange, cliprangeValue, vfCoef, entropyCoef, kl, klEstimator);
    }

    public PpoConfig withKlEstimator(KlEstimator klEstimator) {
        return new PpoConfig(gae, cliprange, cliprangeValue, vfCoef, entropyCoef, kl, klEstimator);
    }
}
