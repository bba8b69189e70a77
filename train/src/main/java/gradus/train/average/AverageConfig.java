package gradus.train.average;

import static gradus.error.ConfigException.require;

import gradus.layers.Layer;
import java.util.Arrays;
import java.util.Optional;

/// The settings of a [WeightAverage].
///
/// @param decay d of the averaged weights, in [0, 1); 0 for none
/// @param kind  how the average begins
public record AverageConfig(double decay, EmaKind kind) {

    /// @throws gradus.error.ConfigException if a value is out of range or missing
    public AverageConfig {
        require(decay >= 0 && decay < 1, "emaDecay must be in [0, 1); got %s", decay);
        require(kind != null, "ema must be one of %s; got null", Arrays.toString(EmaKind.values()));
    }

    /// The average of a model's weights, if these settings ask for one.
    public Optional<WeightAverage> of(Layer model) {
        return decay == 0 ? Optional.empty() : Optional.of(kind.of(model, decay));
    }

    /// No average.
    public static AverageConfig none() {
        return new AverageConfig(0, EmaKind.WARMED);
    }

    public AverageConfig withDecay(double decay) {
        return new AverageConfig(decay, kind);
    }

    public AverageConfig withKind(EmaKind kind) {
        return new AverageConfig(decay, kind);
    }
}
