package gradus.tensor.mask;

import static gradus.error.ShapeException.require;

import gradus.tensor.type.Shape;
import java.util.Arrays;

/// A [KeyMask] read for certain sizes: the ranges of all queries, one behind the other. Ranges are within
/// the keys, sorted, disjoint and not empty. Reading costs T calls, times H or B only if the mask says that
/// it depends on them.
public final class KeyRanges {
    private final int perSequence; // rows from one sequence to the next, 0 where all are alike
    private final int perHead;
    private final int[] starts; // where the bounds of a row begin, and after the last row
    private final int[] bounds; // from, to, from, to, …
    private int hash; // 0 until somebody asks

    private KeyRanges(int perSequence, int perHead, int[] starts, int[] bounds) {
        this.perSequence = perSequence;
        this.perHead = perHead;
        this.starts = starts;
        this.bounds = bounds;
    }

    /// @throws gradus.error.ShapeException if the mask is missing or gives ranges that are none
    public static KeyRanges of(KeyMask mask, int batch, int heads, int queries, int keys) {
        require(
                mask != null,
                "attention: a mask must be given; got null; KeyMask.full() lets every query see all keys");
        int sequences = mask.bySequence() ? batch : 1;
        int differing = mask.byHead() ? heads : 1;
        int[] starts = new int[sequences * differing * queries + 1];
        Query query = new Query(batch, heads, queries, keys);
        for (int b = 0, row = 0; b < sequences; b++) {
            for (int h = 0; h < differing; h++) {
                for (int i = 0; i < queries; i++) {
                    starts[++row] = query.ask(mask, b, h, i).end();
                }
            }
        }
        return new KeyRanges(
                mask.bySequence() ? differing * queries : 0, mask.byHead() ? queries : 0, starts, query.seen());
    }

    /// Whether query i of a head of a sequence sees a key: for the open form of attention.
    public boolean seen(int b, int h, int i, int key) {
        int row = row(b, h, i);
        for (int at = starts[row]; at < starts[row + 1]; at += 2) {
            if (key >= bounds[at] && key < bounds[at + 1]) {
                return true;
            }
        }
        return false;
    }

    /// The row of a query.
    public int row(int b, int h, int i) {
        return b * perSequence + h * perHead + i;
    }

    /// How many rows there are.
    public int rows() {
        return starts.length - 1;
    }

    /// Where the bounds of a row begin; those of the next row begin where they end.
    public int start(int row) {
        return starts[row];
    }

    /// A bound: from at even places, to at odd ones.
    public int bound(int place) {
        return bounds[place];
    }

    /// Whether this is one set of ranges for all sequences and heads.
    public boolean shared() {
        return perSequence == 0 && perHead == 0;
    }

    /// Whether heads of one sequence may see different keys.
    public boolean differsByHead() {
        return perHead != 0;
    }

    /// Whether another lets the same queries see the same keys.
    @Override
    public boolean equals(Object other) {
        return this == other
                || other instanceof KeyRanges ranges
                        && perSequence == ranges.perSequence
                        && perHead == ranges.perHead
                        && Arrays.equals(starts, ranges.starts)
                        && Arrays.equals(bounds, ranges.bounds);
    }

    @Override
    public int hashCode() {
        if (hash == 0) {
            hash = 31 * Arrays.hashCode(starts) + Arrays.hashCode(bounds);
        }
        return hash;
    }

    /// Whether each query sees each key, (B, H, T, S) row-major.
    boolean[] dense(Shape shape) {
        int queries = shape.dim(2);
        int keys = shape.dim(3);
        boolean[] seen = new boolean[shape.size()];
        for (int at = 0; at < shape.size() / keys; at++) {
            int pair = at / queries;
            int row = row(pair / shape.dim(1), pair % shape.dim(1), at % queries);
            for (int place = start(row); place < start(row + 1); place += 2) {
                Arrays.fill(seen, at * keys + bound(place), at * keys + bound(place + 1), true);
            }
        }
        return seen;
    }
}
