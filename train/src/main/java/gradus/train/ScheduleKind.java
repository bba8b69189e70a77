package gradus.train;

/// The learning-rate schedules that a [TrainConfig] can name.
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
    WSD_COSINE
}
