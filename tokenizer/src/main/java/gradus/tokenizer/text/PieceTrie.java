package gradus.tokenizer.text;

import java.nio.charset.StandardCharsets;
import java.util.List;

/// A prefix tree of pieces over their UTF-8: finds every piece that a place of a text starts with, in one walk.
public final class PieceTrie {
    public static final int ROOT = 0;
    static final int NONE = -1;

    private final LongTable children; // (node, byte) → node
    private final int[] ids; // node → the piece that ends there, or NONE

    private PieceTrie(LongTable children, int[] ids) {
        this.children = children;
        this.ids = ids;
    }

    /// The pieces, numbered by their places in the list.
    public static PieceTrie of(List<String> pieces) {
        var builder = new Builder();
        for (int i = 0; i < pieces.size(); i++) {
            builder.add(pieces.get(i), i);
        }
        return builder.build();
    }

    /// Collects pieces.
    public static final class Builder {
        private final LongTable children = new LongTable(1 << 10);
        private final IntList ids = new IntList(1 << 10);

        public Builder() {
            ids.add(NONE);
        }

        public void add(String piece, int id) {
            int node = ROOT;
            for (byte b : piece.getBytes(StandardCharsets.UTF_8)) {
                long key = key(node, b);
                long child = children.get(key);
                if (child < 0) {
                    child = ids.size();
                    ids.add(NONE);
                    children.put(key, child);
                }
                node = (int) child;
            }
            ids.array()[node] = id;
        }

        public PieceTrie build() {
            return new PieceTrie(children, ids.toArray());
        }
    }

    private static long key(int node, byte b) {
        return (long) node << 8 | b & 0xFF;
    }

    /// The node that the byte leads to, or NONE.
    public int child(int node, byte b) {
        return (int) children.get(key(node, b));
    }

    /// The piece that ends at the node, or NONE.
    public int id(int node) {
        return ids[node];
    }

    /// The longest piece that `utf8[from, to)` starts with, as `length << 32 | id`, or NONE.
    public long longest(byte[] utf8, int from, int to) {
        long longest = NONE;
        if (ids.length == 1) {
            return NONE;
        }
        for (int i = from, node = ROOT; i < to && (node = child(node, utf8[i])) >= 0; i++) {
            if (ids[node] >= 0) {
                longest = (long) (i + 1 - from) << 32 | ids[node];
            }
        }
        return longest;
    }

    public static int length(long match) {
        return (int) (match >>> 32);
    }
}
