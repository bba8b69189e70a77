package gradus.tokenizer.train;

/// The pair with the smallest ids: left first, then right; the alphabet is numbered by the code points of its symbols
/// and merges follow in the order of learning. As huggingface/tokenizers, `bpe/trainer.rs`.
public record HuggingFaceTies() implements TieRule {
    @Override
    public int compare(MergeQueue.Candidate a, MergeQueue.Candidate b, Symbols symbols) {
        int left = Integer.compare(a.pair().left, b.pair().left);
        return left != 0 ? left : Integer.compare(a.pair().right, b.pair().right);
    }
}
