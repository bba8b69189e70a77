package gradus.tokenizer.train;

import java.util.Arrays;

/// The lexicographically greatest pair of byte strings, as the handout of Stanford's CS336 asks.
public record Cs336Ties() implements TieRule {
    @Override
    public int compare(MergeQueue.Candidate a, MergeQueue.Candidate b, Symbols symbols) {
        int left = Arrays.compareUnsigned(symbols.bytes(b.pair().left), symbols.bytes(a.pair().left));
        return left != 0 ? left : Arrays.compareUnsigned(symbols.bytes(b.pair().right), symbols.bytes(a.pair().right));
    }
}
