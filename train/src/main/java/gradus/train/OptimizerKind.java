package gradus.train;

/// The optimisers that a [TrainConfig] can name.
public enum OptimizerKind {
    /// [AdamW]
    ADAMW,
    /// [Adam]
    ADAM,
    /// [Sgd] with Nesterov's momentum β₁
    SGD,
    /// [Lion]
    LION,
    /// [Muon] for the matrices of the blocks, [AdamW] for the rest
    MUON,
    /// [RmsProp] with the decay β₂
    RMSPROP,
    /// [Adagrad]
    ADAGRAD
}
