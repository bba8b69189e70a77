package gradus.tokenizer.corpus;

/// Receives reports on how far a long job has come, to draw a progress bar from. Called by one thread at a time.
@FunctionalInterface
public interface Progress {
    /// `done` of `total` steps are done; `total` is -1 if it is not known. While text is read a step is a
    /// char, while merges are learned a merge.
    void report(String task, long done, long total);

    /// Ignores all reports.
    Progress NONE = (task, done, total) -> {};
}
