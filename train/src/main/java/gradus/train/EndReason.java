package gradus.train;

/// Why training ended.
public enum EndReason {
    /// All steps were done.
    COMPLETED,
    /// [Trainer#requestStop] was called.
    STOPPED,
    /// An exception follows.
    FAILED
}
