package gradus.tokenizer.train;

/// Which of several equally frequent pairs is merged first. Implementations differ here, and so do the merges
/// they learn from the same corpus; so "the same merges" means something only within one rule.
public sealed interface TieRule permits FirstSeenTies, HuggingFaceTies, Cs336Ties {

    /// Negative if `a` goes before `b`; both have the same count.
    int compare(MergeQueue.Candidate a, MergeQueue.Candidate b, Symbols symbols);
}
