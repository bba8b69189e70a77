package gradus.train.average;

import gradus.layers.Layer;

/// The exponential moving average that starts as a copy of the weights. At update t, counted from 1, it remembers with
/// `min(d, (1 + t)/(10 + t))`, so that the first weights, which know nothing, are soon forgotten. A copy is no guess
/// of 0, so no correction is due. See [WeightAverage].
public final class Ema extends WeightAverage {
    /// @param decay d in [0, 1); about 1 - 1/n remembers n steps
    /// @throws gradus.error.ConfigException if d is out of range
    public Ema(Layer model, double decay) {
        super(model, decay, false);
    }

    @Override
    double decayAt(long update) {
        return Math.min(decay(), (1.0 + update) / (10.0 + update));
    }

    @Override
    double correction(long updates) {
        return 1;
    }
}
