package gradus.train.average;

import gradus.layers.Layer;

/// The exponential moving average that starts as a copy of the weights. At update t, counted from 1, the
/// decay is `min(d, (1 + t)/(10 + t))`, so that the initial weights, which are random, soon count for little.
/// Since the average does not start at 0, it needs no correction. See [WeightAverage].
public final class Ema extends WeightAverage {
    /// @param decay d in [0, 1); 1 - 1/n averages over about n steps
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
