package gradus.tokenizer.train;

import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/// Finds the most frequent pair again and again without looking at all of them.
///
/// A heap holds each pair with the count it had when it was put in. Counts mostly fall; so the top is checked when it
/// comes up, and goes back with its true count if that is lower. When a count grows, the pair is put in once more.
final class MergeQueue {
    /// A pair as it stood when it was put in the heap.
    record Candidate(PairCounts.Pair pair, long count, long firstSeen) {}

    private final PairCounts counts;
    private final boolean byPlace;
    private final PriorityQueue<Candidate> heap;

    MergeQueue(PairCounts counts, Symbols symbols, TieRule ties) {
        this.counts = counts;
        this.byPlace = ties instanceof FirstSeenTies;
        Comparator<Candidate> mostFrequent = (a, b) -> Long.compare(b.count, a.count);
        this.heap = new PriorityQueue<>(mostFrequent.thenComparing((a, b) -> ties.compare(a, b, symbols)));
        addAll(counts.pairs());
    }

    void addAll(List<PairCounts.Pair> pairs) {
        for (PairCounts.Pair pair : pairs) {
            if (pair.count > 0) {
                heap.add(candidate(pair));
            }
        }
    }

    private Candidate candidate(PairCounts.Pair pair) {
        return new Candidate(pair, pair.count, byPlace ? counts.firstSeen(pair) : 0);
    }

    /// The pair to merge next, or null when none is left.
    PairCounts.Pair next() {
        while (!heap.isEmpty()) {
            Candidate top = heap.poll();
            PairCounts.Pair pair = top.pair;
            if (pair.count <= 0) {
                continue;
            }
            if (pair.count == top.count && (!byPlace || counts.firstSeen(pair) == top.firstSeen)) {
                return pair;
            }
            if (pair.count <= top.count) {
                heap.add(candidate(pair)); // where it has grown, it is in the heap once more already
            }
        }
        return null;
    }
}
