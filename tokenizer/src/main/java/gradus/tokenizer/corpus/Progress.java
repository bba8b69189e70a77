package gradus.tokenizer.corpus;

/// Told how far a long job has come; a command line draws its progress bar from it. Called by one thread at a time.
@FunctionalInterface
public interface Progress {
    /// `done` of `total` steps are through; `total` is -1 where nobody knows. For text, a step is a char; for
    /// training, a merge.
    void report(String task, long done, long total);

    /// Tells nobody.
    Progress NONE = (task, done, total) -> {};
}
