package gradus.train.schedule;

/// The learning-rate schedules by the names that [gradus.train.TrainConfig] and the command line use. A
/// schedule of your own needs no name here: it is an argument of the [gradus.train.Trainer].
public enum ScheduleKind {
    /// [ConstantSchedule]
    CONSTANT,
    /// [CosineSchedule]
    COSINE,
    /// [LinearSchedule]
    LINEAR,
    /// [InverseSqrtSchedule]
    INVERSE_SQRT,
    /// [WarmupStableDecay] that falls by [Decay#ONE_MINUS_SQRT]
    WSD,
    /// [WarmupStableDecay] that falls by [Decay#LINEAR]
    WSD_LINEAR,
    /// [WarmupStableDecay] that falls by [Decay#COSINE]
    WSD_COSINE;

    /// The schedule of that name.
    ///
    /// @param steps of the whole training
    /// @throws gradus.error.ConfigException if the numbers do not fit each other
    public Schedule of(ScheduleConfig config, int steps) {
        config.validate(steps);
        return switch (this) {
            case CONSTANT -> new ConstantSchedule(config);
            case COSINE -> new CosineSchedule(config, steps);
            case LINEAR -> new LinearSchedule(config, steps);
            case INVERSE_SQRT -> new InverseSqrtSchedule(config);
            case WSD -> new WarmupStableDecay(config, steps, Decay.ONE_MINUS_SQRT);
            case WSD_LINEAR -> new WarmupStableDecay(config, steps, Decay.LINEAR);
            case WSD_COSINE -> new WarmupStableDecay(config, steps, Decay.COSINE);
        };
    }
}
