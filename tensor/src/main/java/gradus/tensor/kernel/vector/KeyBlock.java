package gradus.tensor.kernel.vector;

import gradus.tensor.kernel.AttentionKernels.AttentionShape;
import gradus.tensor.mask.KeyRanges;
import java.util.Arrays;

/// What a block of neighbouring queries sees: the runs of keys that at least one of them sees, to be
/// visited from left to right, and within a tile of keys the segments of each query.
///
/// Runs begin and end at multiples of 16 keys. Where fewer than 64 keys lie between two of them, one run
/// covers both: a product a little wider costs less than another product.
final class KeyBlock {
    private static final int CELL = 16;
    private static final int GAP = 4; // cells

    private final KeyRanges mask;
    private final int row;
    private final int[] places; // of each query, its first range that does not end before the tile
    private int[] segments = new int[2];
    private int[] runs = new int[4];
    private int count;

    KeyBlock(AttentionShape s, int b, int h, int first, int rows) {
        mask = s.mask();
        row = mask.row(b, h, first);
        places = new int[rows];
        int[] steps = new int[s.keys() / CELL + 2]; // how many ranges begin at a cell, less those that end before it
        for (int i = 0; i < rows; i++) {
            places[i] = mask.start(row + i);
            for (int at = places[i]; at < mask.start(row + i + 1); at += 2) {
                steps[mask.bound(at) / CELL]++;
                steps[(mask.bound(at + 1) + CELL - 1) / CELL]--;
            }
        }
        findRuns(steps, s.keys());
    }

    private void findRuns(int[] steps, int keys) {
        int open = 0;
        for (int cell = 0; cell < steps.length; cell++) {
            int before = open;
            open += steps[cell];
            if (before == 0 && open > 0) {
                boolean near = count > 0 && cell * CELL - runs[2 * count - 1] < GAP * CELL;
                if (!near) {
                    count++;
                }
                if (2 * count > runs.length) {
                    runs = Arrays.copyOf(runs, 2 * runs.length);
                }
                runs[2 * count - 2] = near ? runs[2 * count - 2] : cell * CELL;
            } else if (before > 0 && open == 0) {
                runs[2 * count - 1] = Math.min(cell * CELL, keys);
            }
        }
    }

    /// How many runs there are.
    int runs() {
        return count;
    }

    int from(int run) {
        return runs[2 * run];
    }

    int to(int run) {
        return runs[2 * run + 1];
    }

    /// Finds the keys of a tile that a query of the block sees, as segments counted from the tile's start.
    /// Tiles must be asked for from left to right.
    ///
    /// @return how many segments there are
    int segments(int query, int start, int n) {
        int end = mask.start(row + query + 1);
        int at = places[query];
        while (at < end && mask.bound(at + 1) <= start) {
            at += 2;
        }
        places[query] = at;
        int found = 0;
        for (; at < end && mask.bound(at) < start + n; at += 2) {
            if (2 * found + 2 > segments.length) {
                segments = Arrays.copyOf(segments, 2 * segments.length);
            }
            segments[2 * found] = Math.max(mask.bound(at) - start, 0);
            segments[2 * found + 1] = Math.min(mask.bound(at + 1) - start, n);
            found++;
        }
        return found;
    }

    /// Where a segment begins.
    int low(int segment) {
        return segments[2 * segment];
    }

    /// Where it ends.
    int high(int segment) {
        return segments[2 * segment + 1];
    }

    /// Zeros a row of a tile outside the segments found last.
    void zeroOutside(long address, int found, int n) {
        int at = 0;
        for (int segment = 0; segment < found; segment++) {
            zero(address, at, low(segment));
            at = high(segment);
        }
        zero(address, at, n);
    }

    private static void zero(long address, int from, int to) {
        if (from < to) {
            Lanes.zero(address + 4L * from, 4L * (to - from));
        }
    }
}
