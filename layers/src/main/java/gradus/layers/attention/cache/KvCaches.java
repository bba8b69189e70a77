package gradus.layers.attention.cache;

import static gradus.error.ConfigException.require;

import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/// The caches of all blocks of a model, one per block. All hold the same sequences.
public final class KvCaches {
    private static final KvCaches NONE = new KvCaches();

    private final List<KvCache> blocks = new ArrayList<>();
    private final PackedDocuments documents; // or null
    private int[] paddings;

    private KvCaches() {
        this(null);
    }

    private KvCaches(PackedDocuments documents) {
        this.documents = documents;
        this.paddings = new int[0];
    }

    /// Stands for no caches: every call gets whole sequences, from their first token on.
    public static KvCaches none() {
        return NONE;
    }

    /// Whether these are [#none].
    public boolean isNone() {
        return blocks.isEmpty();
    }

    /// @param count    how many blocks there are
    /// @param capacity the most positions, commonly the model's context
    /// @param paddings how many places of padding stand before each sequence; none where all are equally long
    /// @throws gradus.error.ConfigException if a number is out of range
    public KvCaches(int count, int capacity, int... paddings) {
        this(count, () -> new ContiguousKvCache(capacity), paddings);
    }

    /// Makes caches of any kind.
    ///
    /// @param empty makes an empty cache for one block
    public KvCaches(int count, Supplier<KvCache> empty, int... paddings) {
        require(count >= 1, "KvCaches: count must be at least 1; got %d", count);
        require(paddings != null, "KvCaches: paddings must be given, none or one a sequence; got null");
        this.documents = null;
        for (int i = 0; i < count; i++) {
            KvCache cache = empty.get();
            cache.padLeft(paddings);
            blocks.add(cache);
        }
        this.paddings = paddings.clone();
    }

    /// For whole rows of several documents, of which nothing is kept.
    ///
    /// @param count how many blocks there are
    public static KvCaches packed(int count, PackedDocuments documents) {
        require(count >= 1, "KvCaches: count must be at least 1; got %d", count);
        KvCaches caches = new KvCaches(documents);
        for (int i = 0; i < count; i++) {
            caches.blocks.add(new PackedRows(documents));
        }
        return caches;
    }

    /// Whether these are [#packed] rows, which can be computed again.
    public boolean arePacked() {
        return documents != null;
    }

    /// The cache of one block.
    public KvCache get(int block) {
        return blocks.get(block);
    }

    /// How many blocks there are.
    public int count() {
        return blocks.size();
    }

    /// How many positions have come so far, with padding.
    public int length() {
        return isNone() ? 0 : blocks.getFirst().length();
    }

    /// Whether tokens at one place have different positions: because sequences differ in length, or because
    /// documents begin anywhere in a row.
    public boolean padded() {
        return documents != null || Arrays.stream(paddings).anyMatch(padding -> padding > 0);
    }

    /// How many places of padding stand before a sequence.
    public int padding(int sequence) {
        return paddings.length == 0 ? 0 : paddings[sequence];
    }

    /// The positions of the next tokens, counted from the first token of each sequence; 0 for padding.
    ///
    /// **Shapes** (B, T)
    public Indices positions(int time) {
        if (documents != null) {
            return documents.positions();
        }
        int[] positions = new int[paddings.length * time];
        for (int i = 0; i < positions.length; i++) {
            positions[i] = Math.max(0, length() + i % time - paddings[i / time]);
        }
        return Indices.of(Shape.of(paddings.length, time), positions); // (B, T)
    }

    /// Replaces sequence i by what sequence `rows[i]` was before, see [KvCache#reorder].
    public void reorder(Indices rows) {
        int[] before = paddings;
        blocks.forEach(cache -> cache.reorder(rows));
        if (before.length > 0) {
            paddings = Arrays.stream(rows.values()).map(row -> before[row]).toArray();
        }
    }

    /// Removes the positions from a number on, see [KvCache#truncate].
    public void truncate(int to) {
        blocks.forEach(cache -> cache.truncate(to));
    }

    /// Removes all stored positions and frees the memory.
    public void clear() {
        blocks.forEach(KvCache::clear);
    }
}
