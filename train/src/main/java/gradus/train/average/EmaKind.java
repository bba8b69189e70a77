package gradus.train.average;

import gradus.layers.Layer;

/// The averages of weights by name.
public enum EmaKind {
    /// [Ema]: starts as a copy of the weights, which soon count for little.
    WARMED,
    /// [DebiasedEma]: starts at 0 and is corrected for that, as Adam's means are.
    DEBIASED;

    /// @param decay d in [0, 1)
    public WeightAverage of(Layer model, double decay) {
        return this == WARMED ? new Ema(model, decay) : new DebiasedEma(model, decay);
    }
}
