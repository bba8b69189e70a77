package gradus.train;

/// The learning-rate schedules that a [TrainConfig] can name.
public enum ScheduleKind {
    /// [ConstantSchedule]
    CONSTANT,
    /// [CosineSchedule]
    COSINE,
    /// [WarmupStableDecay]
    WSD
}
