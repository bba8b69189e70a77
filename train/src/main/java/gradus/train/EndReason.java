package gradus.train;

/// Why training ended.
public enum EndReason {
    /// All steps were done.
    COMPLETED,
    /// The validation loss had not fallen for as many evaluations as [EvaluationConfig#patience] allows.
    NO_IMPROVEMENT,
    /// [Trainer#requestStop] was called.
    STOPPED,
    /// An exception is thrown.
    FAILED
}
