package gradus.train.rl;

import static gradus.error.ConfigException.require;

import gradus.layers.loss.alignment.ImportanceRatio;

/// What the loss makes of the ratio of the policy to what it was when the completions were drawn.
///
/// @param of          whether the ratio is that of each token or that of the completion
/// @param surrogate   what the loss of a token makes of ratio and advantage
/// @param epsilonLow  how far the ratio may fall below 1, in (0, 1]
/// @param epsilonHigh how far it may rise above 1, above 0
/// @param delta       the largest ratio that counts where A < 0, at least 1 + epsilonHigh; ∞ for no bound. Of
///     [Surrogate#CLIPPED]
public record RatioConfig(
        ImportanceRatio of, Surrogate surrogate, double epsilonLow, double epsilonHigh, double delta) {

    /// @throws gradus.error.ConfigException if a value is out of range or missing
    public RatioConfig {
        require(of != null, "ratio must be given; got null");
        require(surrogate != null, "surrogate must be given; got null");
        require(epsilonLow > 0 && epsilonLow <= 1, "epsilonLow must be in (0, 1]; got %s", epsilonLow);
        require(epsilonHigh > 0 && Double.isFinite(epsilonHigh), "epsilonHigh must be above 0; got %s", epsilonHigh);
        require(
                delta >= 1 + epsilonHigh,
                "delta must be at least 1 + epsilonHigh = %s; got %s",
                1 + epsilonHigh,
                delta);
        require(
                delta == Double.POSITIVE_INFINITY || surrogate == Surrogate.CLIPPED,
                "delta bounds a clipped ratio, and the loss is %s; got %s",
                surrogate,
                delta);
    }

    /// Clipped, without a bound where A < 0.
    public static RatioConfig clipped(ImportanceRatio of, double epsilonLow, double epsilonHigh) {
        return new RatioConfig(of, Surrogate.CLIPPED, epsilonLow, epsilonHigh, Double.POSITIVE_INFINITY);
    }

    public RatioConfig withEpsilon(double low, double high) {
        return new RatioConfig(of, surrogate, low, high, delta);
    }

    public RatioConfig withSurrogate(Surrogate surrogate) {
        return new RatioConfig(of, surrogate, epsilonLow, epsilonHigh, delta);
    }

    public RatioConfig withDelta(double delta) {
        return new RatioConfig(of, surrogate, epsilonLow, epsilonHigh, delta);
    }
}
