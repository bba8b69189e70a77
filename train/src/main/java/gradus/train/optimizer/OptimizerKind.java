package gradus.train.optimizer;

/// The optimisers by the names that [gradus.train.TrainConfig] and the command line use. An optimiser of your
/// own needs no name here: it is an argument of the [gradus.train.Trainer].
public enum OptimizerKind {
    /// [AdamW]
    ADAMW,
    /// [PagedAdamW]: the same numbers, with the moments in a file and 64 MiB of them in memory
    PAGED_ADAMW,
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
    ADAGRAD;

    private static final int RESIDENT_MIB = 64;

    /// The optimiser of that name.
    ///
    /// @param parameters of the model
    /// @param config     gives β₁, β₂, ε and λ; each kind uses those that it needs
    public Optimizer of(ParameterGroups parameters, AdamConfig config) {
        double decay = config.weightDecay();
        return switch (this) {
            case ADAMW -> new AdamW(parameters, config);
            case PAGED_ADAMW -> new PagedAdamW(parameters, config, RESIDENT_MIB);
            case ADAM -> new Adam(parameters, config);
            case SGD -> new Sgd(parameters, new SgdConfig(config.beta1(), true, decay));
            case LION -> new Lion(parameters, new LionConfig(config.beta1(), config.beta2(), decay));
            case MUON -> new Muon(parameters, new MuonConfig(config.beta1(), MuonScale.AS_ADAMW, config));
            case RMSPROP -> new RmsProp(parameters, new RmsPropConfig(config.beta2(), config.eps(), decay));
            case ADAGRAD -> new Adagrad(parameters, new AdagradConfig(config.eps(), decay));
        };
    }
}
