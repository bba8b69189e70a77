package gradus.lessons.retrieve.search;

import static gradus.error.ConfigException.require;

import java.util.List;
import java.util.PriorityQueue;

/// Keeps the best k of the hits that it is offered: a heap with the worst of them on top. n offers cost n·log
/// k.
public final class TopHits {
    private final int k;
    private final PriorityQueue<Hit> worstFirst = new PriorityQueue<>(Hit.BEST_FIRST.reversed());

    /// @throws gradus.error.ConfigException unless k ≥ 1
    public TopHits(int k) {
        require(k >= 1, "k, the number of documents to find, must be at least 1; got %d", k);
        this.k = k;
    }

    /// Takes a hit if it is among the best so far.
    public void offer(String id, double score) {
        boolean full = worstFirst.size() == k;
        if (full && score < worstFirst.peek().score()) {
            return;
        }
        worstFirst.add(new Hit(id, score));
        if (full) {
            worstFirst.remove();
        }
    }

    /// The best of all, best first.
    public List<Hit> bestFirst() {
        return worstFirst.stream().sorted(Hit.BEST_FIRST).toList();
    }
}
