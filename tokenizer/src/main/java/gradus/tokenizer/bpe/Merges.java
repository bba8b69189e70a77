package gradus.tokenizer.bpe;

import gradus.tokenizer.text.LongTable;

/// The learned merges, and how they turn the symbols of one pre-token into tokens.
///
/// While any adjacent pair has a rank: take the pair of lowest rank, the leftmost of equals, and put its merge
/// in its place (Sennrich et al. 2016, arXiv:1508.07909). Ranks are the order of learning, not the ids.
///
/// Two ways lead to the same result. A short pre-token is searched for its lowest rank again and again:
/// O(n²), but fast for a few symbols. A long one keeps its pairs in a queue by rank: O(n log n), so that no
/// input takes quadratic time.
public final class Merges {
    public static final int SHORT = 48;
    private static final int NONE = Integer.MAX_VALUE;

    private final LongTable table; // (left, right) → rank << 32 | merged id

    Merges(int expected) {
        table = new LongTable(expected);
    }

    /// Adds a merge unless the pair has a rank already: the first one listed is the lower.
    boolean add(int left, int right, int rank, int merged) {
        long pair = LongTable.pair(left, right);
        if (table.get(pair) >= 0) {
            return false;
        }
        table.put(pair, (long) rank << 32 | merged);
        return true;
    }

    int size() {
        return table.size();
    }

    private int rank(int left, int right) {
        long merge = table.get(LongTable.pair(left, right));
        return merge < 0 ? NONE : (int) (merge >>> 32);
    }

    private int merged(int left, int right) {
        return (int) table.get(LongTable.pair(left, right));
    }

    /// Merges `ids[from, from + n)` in place; returns how many are left. `ranks` is scratch memory of `SHORT`
    /// ints.
    public int merge(int[] ids, int from, int n, int[] ranks) {
        return n <= SHORT ? mergeShort(ids, from, n, ranks) : mergeLong(ids, from, n, new RankQueue());
    }

    private int mergeShort(int[] ids, int from, int n, int[] ranks) {
        for (int i = 0; i + 1 < n; i++) {
            ranks[i] = rank(ids[from + i], ids[from + i + 1]);
        }
        while (n > 1) {
            int at = 0;
            for (int i = 1; i + 1 < n; i++) {
                at = ranks[i] < ranks[at] ? i : at;
            }
            if (ranks[at] == NONE) {
                break;
            }
            int p = from + at;
            ids[p] = merged(ids[p], ids[p + 1]);
            n--;
            System.arraycopy(ids, p + 2, ids, p + 1, n - at - 1);
            if (at + 1 < n) {
                System.arraycopy(ranks, at + 2, ranks, at + 1, Math.max(0, n - at - 2));
                ranks[at] = rank(ids[p], ids[p + 1]);
            }
            if (at > 0) {
                ranks[at - 1] = rank(ids[p - 1], ids[p]);
            }
        }
        return n;
    }

    /// A symbol of k bytes keeps the k places it came from: its id stands in the first; the others are
    /// negative, and the second and the last hold `-k`, so that both neighbours are found without lists of
    /// links. An entry of the queue is stale if the pair at its position now has another rank.
    public int mergeLong(int[] ids, int from, int n, RankQueue queue) {
        int to = from + n;
        for (int i = from; i + 1 < to; i++) {
            push(queue, ids[i], ids[i + 1], i);
        }
        while (!queue.isEmpty()) {
            long top = queue.pop();
            int at = (int) top;
            int right = ids[at] < 0 ? to : next(ids, at, to);
            if (right >= to) {
                continue;
            }
            long merge = table.get(LongTable.pair(ids[at], ids[right]));
            if (merge < 0 || merge >>> 32 != top >>> 32) {
                continue;
            }
            int after = next(ids, right, to);
            ids[at] = (int) merge;
            ids[right] = -1;
            ids[at + 1] = at - after;
            ids[after - 1] = at - after;
            if (at > from) {
                int before = ids[at - 1] < 0 ? at + ids[at - 1] : at - 1;
                push(queue, ids[before], ids[at], before);
            }
            if (after < to) {
                push(queue, ids[at], ids[after], at);
            }
        }
        int out = from;
        for (int i = from; i < to; ) {
            int next = next(ids, i, to); // before its place may be overwritten
            ids[out++] = ids[i];
            i = next;
        }
        return out - from;
    }

    private static int next(int[] ids, int at, int to) {
        return at + 1 < to && ids[at + 1] < 0 ? at - ids[at + 1] : at + 1;
    }

    private void push(RankQueue queue, int left, int right, int position) {
        int rank = rank(left, right);
        if (rank != NONE) {
            queue.push(rank, position);
        }
    }
}
