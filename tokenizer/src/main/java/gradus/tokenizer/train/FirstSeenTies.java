package gradus.tokenizer.train;

/// The pair that occurs first in the corpus as it stands, as in Karpathy's minbpe, where the first entry of the count
/// dictionary wins.
public record FirstSeenTies() implements TieRule {
    @Override
    public int compare(MergeQueue.Candidate a, MergeQueue.Candidate b, Symbols symbols) {
        return Long.compare(a.firstSeen(), b.firstSeen());
    }
}
