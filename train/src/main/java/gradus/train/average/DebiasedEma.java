package gradus.train.average;

import gradus.layers.Layer;

/// The exponential moving average that starts at 0 and is divided by `1 - dᵗ`, as Adam does with its means:
/// after t updates it is the weighted mean `Σ (1 - d)·dᵗ⁻ᵏ·θ_k / (1 - dᵗ)` of the weights it saw, and nothing
/// else. See [WeightAverage].
public final class DebiasedEma extends WeightAverage {
    /// @param decay d in [0, 1)
    /// @throws gradus.error.ConfigException if d is out of range
    public DebiasedEma(Layer model, double decay) {
        super(model, decay, true);
    }

    @Override
    double decayAt(long update) {
        return decay();
    }

    /// Before the first update there is no mean; 0 stands for this.
    @Override
    double correction(long updates) {
        return updates == 0 ? 0 : 1 / (1 - Math.pow(decay(), updates));
    }
}
