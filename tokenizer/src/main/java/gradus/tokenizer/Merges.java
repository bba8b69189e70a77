package gradus.tokenizer;

/// The learned merges, and how they turn the symbols of one pre-token into tokens.
///
/// While any adjacent pair has a rank: take the pair of lowest rank, the leftmost of equals, and put its merge in its
/// place (Sennrich et al. 2016, arXiv:1508.07909). Ranks are the order of learning, not the ids.
///
/// Two ways to the same result: a short pre-token is searched for its lowest rank again and again, O(n²) with a tiny
/// constant; a long one keeps its ranks in a heap, O(n log n), so that no input takes quadratic time.
final class Merges {
    private static final int SHORT = 48;
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

    /// Merges `ids[from, from + n)` in place; returns how many are left.
    int merge(int[] ids, int from, int n, Workspace work) {
        return n <= SHORT ? mergeShort(ids, from, n, work.ranks) : mergeLong(ids, from, n, work);
    }

    /// What merging needs besides the ids; one per thread.
    static final class Workspace {
        private final int[] ranks = new int[SHORT];
        private int[] next = new int[0];
        private int[] previous = new int[0];
        private LongHeap heap = new LongHeap();
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

    /// Symbols are a linked list, `next` and `previous` counting from `from`; a symbol that was merged away has id
    /// -1. The heap holds (rank, position). An entry is stale if the pair at its position now has another rank.
    private int mergeLong(int[] ids, int from, int n, Workspace work) {
        if (work.next.length < n) {
            work.next = new int[n];
            work.previous = new int[n];
        }
        int[] next = work.next;
        int[] previous = work.previous;
        LongHeap heap = work.heap;
        for (int i = 0; i < n; i++) {
            next[i] = i + 1;
            previous[i] = i - 1;
        }
        heap.clear();
        for (int i = 0; i + 1 < n; i++) {
            push(heap, rank(ids[from + i], ids[from + i + 1]), i);
        }
        while (!heap.isEmpty()) {
            long top = heap.pop();
            int at = (int) top;
            int right = ids[from + at] < 0 ? n : next[at];
            if (right >= n || rank(ids[from + at], ids[from + right]) != (int) (top >>> 32)) {
                continue;
            }
            ids[from + at] = merged(ids[from + at], ids[from + right]);
            ids[from + right] = -1;
            int after = next[right];
            next[at] = after;
            if (after < n) {
                previous[after] = at;
                push(heap, rank(ids[from + at], ids[from + after]), at);
            }
            if (previous[at] >= 0) {
                push(heap, rank(ids[from + previous[at]], ids[from + at]), previous[at]);
            }
        }
        int left = 0;
        for (int i = 0; i < n; i = next[i]) {
            ids[from + left++] = ids[from + i];
        }
        if (n > 1 << 16) { // one giant pre-token must not hold its memory for ever
            work.next = new int[0];
            work.previous = new int[0];
            work.heap = new LongHeap();
        }
        return left;
    }

    private static void push(LongHeap heap, int rank, int position) {
        if (rank != NONE) {
            heap.push((long) rank << 32 | position);
        }
    }
}
