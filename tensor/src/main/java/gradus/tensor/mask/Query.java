package gradus.tensor.mask;

import static gradus.error.ShapeException.require;

import java.util.Arrays;

/// One query of an attention, which a [KeyMask] tells what it sees.
public final class Query {
    private final int batch;
    private final int heads;
    private final int queries;
    private final int keys;
    private int sequence;
    private int head;
    private int index;
    private int[] bounds = new int[16]; // from, to, from, to, … of all queries so far
    private int end;
    private int start;

    Query(int batch, int heads, int queries, int keys) {
        this.batch = batch;
        this.heads = heads;
        this.queries = queries;
        this.keys = keys;
    }

    /// The sequences, B.
    public int batch() {
        return batch;
    }

    /// The query heads, H.
    public int heads() {
        return heads;
    }

    /// The queries of a sequence, T.
    public int queries() {
        return queries;
    }

    /// The keys of a sequence, S.
    public int keys() {
        return keys;
    }

    /// Which sequence of the batch this is.
    public int sequence() {
        return sequence;
    }

    /// Which query head this is.
    public int head() {
        return head;
    }

    /// Which of the queries this is.
    public int index() {
        return index;
    }

    /// Where this query stands among the keys: `index + keys - queries`, so that the last query is the last
    /// key. Negative where there are fewer keys than queries.
    public int position() {
        return index + keys - queries;
    }

    /// Lets the query see the keys from, not including to; nothing if `from ≥ to`.
    ///
    /// @throws gradus.error.ShapeException if these are no keys, or the ranges do not come from left to
    ///     right
    public void sees(int from, int to) {
        if (from >= to) {
            return;
        }
        require(
                from >= 0 && to <= keys,
                "attention: the mask gives query %d the keys %d..%d; there are 0..%d",
                index,
                from,
                to - 1,
                keys - 1);
        int last = end > start ? bounds[end - 1] : 0;
        require(
                from >= last,
                "attention: the mask gives query %d the keys %d..%d after those up to %d; ranges must be sorted and"
                        + " must not overlap",
                index,
                from,
                to - 1,
                last - 1);
        if (end > start && from == last) {
            bounds[end - 1] = to;
            return;
        }
        if (end + 2 > bounds.length) {
            bounds = Arrays.copyOf(bounds, 2 * bounds.length);
        }
        bounds[end++] = from;
        bounds[end++] = to;
    }

    /// Lets the query see one key.
    public void sees(int key) {
        sees(key, key + 1);
    }

    /// What another mask lets this query see: from, to, from, to, …
    public int[] seenBy(KeyMask mask) {
        Query same = new Query(batch, heads, queries, keys);
        return same.ask(mask, sequence, head, index).seen();
    }

    /// Lets the query see what another mask would if the sequence began at some key: to that mask, this key has
    /// the number 0.
    ///
    /// @param first the key, at most the query's own position
    public void seesFrom(int first, KeyMask mask) {
        Query same = new Query(batch, heads, queries, keys - first);
        int[] seen = same.ask(mask, sequence, head, index).seen();
        for (int i = 0; i < seen.length; i += 2) {
            sees(seen[i] + first, seen[i + 1] + first);
        }
    }

    /// Rotations to a query and lets a mask say what it sees.
    Query ask(KeyMask mask, int sequence, int head, int index) {
        this.sequence = sequence;
        this.head = head;
        this.index = index;
        start = end;
        mask.see(this);
        return this;
    }

    /// How many bounds all queries have so far.
    int end() {
        return end;
    }

    /// The bounds of all queries so far.
    int[] seen() {
        return Arrays.copyOf(bounds, end);
    }
}
