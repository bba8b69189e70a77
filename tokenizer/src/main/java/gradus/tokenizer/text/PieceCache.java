package gradus.tokenizer.text;

import java.util.Arrays;

/// Remembers the ids of short pieces of text, since text repeats its words.
///
/// A piece is looked up as a slice of the text, without a copy; only on a miss does the speller work. The cache
/// starts anew when it is full, so its memory is bounded (about 6 MB). For one thread at a time.
public final class PieceCache {
    private static final int MAX_LENGTH = 64;
    private static final int MAX_PIECES = 1 << 17;

    /// Appends the ids of a piece.
    public interface Speller {
        void spell(byte[] text, int from, int to, IntList ids);
    }

    private final Speller speller;
    private final ByteStringTable pieces = new ByteStringTable(1 << 12);
    private final IntList known = new IntList(1 << 14);
    private int[] ends = new int[1 << 13]; // piece n has known[ends[n-1], ends[n])

    public PieceCache(Speller speller) {
        this.speller = speller;
    }

    /// Appends the ids of `text[from, to)`.
    public void spell(byte[] text, int from, int to, IntList ids) {
        if (to - from > MAX_LENGTH) {
            speller.spell(text, from, to, ids);
            return;
        }
        int size = pieces.size();
        int n = pieces.add(text, from, to);
        if (n == size) {
            n = learn(text, from, to, n);
        }
        int start = n == 0 ? 0 : ends[n - 1];
        int count = ends[n] - start;
        int[] out = ids.reserve(count);
        int at = ids.size();
        for (int i = 0; i < count; i++) {
            out[at + i] = known.get(start + i);
        }
        ids.size(at + count);
    }

    private int learn(byte[] text, int from, int to, int n) {
        if (n == MAX_PIECES) {
            clear();
            n = pieces.add(text, from, to);
        }
        if (n == ends.length) {
            ends = Arrays.copyOf(ends, 2 * n);
        }
        try {
            speller.spell(text, from, to, known);
        } catch (RuntimeException e) {
            clear(); // a piece that cannot be spelt must not stay behind half known
            throw e;
        }
        ends[n] = known.size();
        return n;
    }

    private void clear() {
        pieces.clear();
        known.size(0);
    }
}
