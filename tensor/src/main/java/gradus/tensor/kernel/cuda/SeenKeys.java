package gradus.tensor.kernel.cuda;

import gradus.tensor.kernel.AttentionKernels.AttentionShape;
import gradus.tensor.mask.KeyRanges;
import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.BufferPool;
import gradus.tensor.type.DType;
import java.util.LinkedHashMap;

/// Masks on a card. The layers of a model, and the steps of a training, see by the same few masks, so those used last
/// stay there: whoever brings ranges with the same content gets the same copy.
final class SeenKeys {
    static final int TILE = 64;

    private static final int KEPT = 16;
    private static final int NONE = 0;
    private static final int SOME = 1;
    private static final int ALL = 2;

    private final Card card;
    private final LinkedHashMap<Key, Copy> copies = new LinkedHashMap<>(2 * KEPT, 0.75f, true);

    SeenKeys(Card card) {
        this.card = card;
    }

    private record Key(KeyRanges ranges, int queries, int keys) {}

    /// Ranges on the card: starts, then bounds, then how each tile of 64 queries by 64 keys is seen. A set of ranges
    /// is that of all queries of a head of a sequence.
    ///
    /// @param numbers      all of it
    /// @param bounds       where the bounds begin in it
    /// @param tiles        where the tiles begin in it
    /// @param sequenceSets sets from one sequence to the next, 0 where all see alike
    /// @param headSets     the same for heads
    record Copy(Buffer numbers, int bounds, int tiles, int sequenceSets, int headSets) {}

    /// The copy of a shape's mask. It may be dropped at the next call, after whatever was ordered before.
    Copy of(AttentionShape s) {
        Key key = new Key(s.mask(), s.queries(), s.keys());
        Copy copy = copies.get(key);
        if (copy == null) {
            if (copies.size() == KEPT) {
                var eldest = copies.pollFirstEntry();
                eldest.getValue().numbers.release("its mask was not used for long");
            }
            copy = copy(s);
            copies.put(key, copy);
        }
        return copy;
    }

    private Copy copy(AttentionShape s) {
        KeyRanges ranges = s.mask();
        int rows = ranges.rows();
        int places = ranges.start(rows);
        int[] tiles = tiles(ranges, s.queries(), s.keys());
        int[] numbers = new int[rows + 1 + places + tiles.length];
        for (int row = 0; row <= rows; row++) {
            numbers[row] = ranges.start(row);
        }
        for (int place = 0; place < places; place++) {
            numbers[rows + 1 + place] = ranges.bound(place);
        }
        System.arraycopy(tiles, 0, numbers, rows + 1 + places, tiles.length);
        Buffer buffer = BufferPool.allocateLasting(card.memory, DType.FLOAT32, numbers.length);
        card.staging.write(numbers, card.address(buffer));
        int perSequence = ranges.row(1, 0, 0);
        int perHead = ranges.row(0, 1, 0);
        return new Copy(buffer, rows + 1, rows + 1 + places, perSequence / s.queries(), perHead / s.queries());
    }

    /// How each tile is seen, by set, query and key: what its queries see of it is counted.
    private static int[] tiles(KeyRanges ranges, int queries, int keys) {
        int across = tilesOf(keys);
        int down = tilesOf(queries);
        int[] kinds = new int[ranges.rows() / queries * down * across];
        int[] seen = new int[across];
        int at = 0;
        for (int set = 0; set < ranges.rows(); set += queries) {
            for (int first = 0; first < queries; first += TILE) {
                int count = Math.min(TILE, queries - first);
                for (int row = set + first; row < set + first + count; row++) {
                    count(ranges, row, seen);
                }
                for (int tile = 0; tile < across; tile++) {
                    kinds[at++] = seen[tile] == 0 ? NONE : seen[tile] == count * TILE ? ALL : SOME;
                    seen[tile] = 0;
                }
            }
        }
        return kinds;
    }

    private static void count(KeyRanges ranges, int row, int[] seen) {
        for (int place = ranges.start(row); place < ranges.start(row + 1); place += 2) {
            int to = ranges.bound(place + 1);
            for (int key = ranges.bound(place); key < to; ) {
                int tile = key / TILE;
                int end = Math.min(to, (tile + 1) * TILE);
                seen[tile] += end - key;
                key = end;
            }
        }
    }

    static int tilesOf(int count) {
        return (count + TILE - 1) / TILE;
    }
}
