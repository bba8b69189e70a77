package gradus.train.schedule;

/// The learning-rate schedules that a [gradus.train.TrainConfig] can name.
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
    public Schedule of(ScheduleConfig config) {
        return switch (this) {
            case CONSTANT -> new ConstantSchedule(config);
            case COSINE -> new CosineSchedule(config);
            case LINEAR -> new LinearSchedule(config);
            case INVERSE_SQRT -> new InverseSqrtSchedule(config);
            case WSD -> new WarmupStableDecay(config, Decay.ONE_MINUS_SQRT);
            case WSD_LINEAR -> new WarmupStableDecay(config, Decay.LINEAR);
            case WSD_COSINE -> new WarmupStableDecay(config, Decay.COSINE);
        };
    }
}
