package gradus.layers.attention.cache;

import static gradus.error.ShapeException.require;

import gradus.error.ConfigException;
import gradus.tensor.Autograd;
import gradus.tensor.Tensor;
import gradus.tensor.mask.KeyMask;
import gradus.tensor.op.KeysAndValues;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import java.util.Arrays;

/// The keys and values of the positions that one attention layer has seen so far, so that the next position
/// costs the work of one position instead of that of the whole sequence. Holds `2·S·K·D` numbers per
/// sequence, in blocks that grow: while no gradients are recorded, stored numbers are copied only when a
/// block is full, and not at every position.
///
/// Keys are stored with their positions rotated into them, values as they are. Each row of a batch is a
/// sequence of its own; [#reorder] picks and repeats sequences, as beam search needs. Stored keys and values
/// are constants: gradients reach only the new positions, and what the cache begins with, see [#begin].
public abstract sealed class KvCache permits ContiguousKvCache, RollingKvCache, PackedRows {
    /// Rows of the first block; it doubles when it is full.
    private static final int FIRST_CAPACITY = 32;

    private Tensor keys; // (B, capacity, K·D), or null while there are none
    private Tensor values; // (B, capacity, K·D)
    private KeysAndValues beginning; // of [#begin] until the next append, or null; (B, n, K·D)
    private int from; // the first row that is stored
    private int stored; // how many rows are
    private int[] paddings = {}; // of each sequence, or none
    private int length;

    /// Lets sequences of unequal length end at the same place: the given number of places before each
    /// sequence are padding, which no query sees. Call this before the first [#append].
    ///
    /// @throws gradus.error.ConfigException if the cache already holds something, or if a number is negative
    public final void padLeft(int... places) {
        ConfigException.require(
                length == 0, "KvCache: padding must be set before anything is stored; %d positions are stored", length);
        ConfigException.require(places != null, "KvCache: paddings must be given, none or one a sequence; got null");
        for (int each : places) {
            ConfigException.require(each >= 0, "KvCache: paddings must be at least 0; got %s", Arrays.toString(places));
        }
        paddings = places.clone();
    }

    /// The mask for the newest queries of this cache: the given mask, without the padding before each
    /// sequence.
    public final KeyMask mask(KeyMask own) {
        return Arrays.stream(paddings).allMatch(each -> each == 0) ? own : new LeftPadded(own, paddings);
    }

    /// How many positions have been stored so far, which is also the number of the next position.
    public final int length() {
        return length;
    }

    /// Stores keys and values that no token has, such as a prefix that is trained. They are the first positions,
    /// and are used as they are: whoever gives them has rotated the keys, if they are to be rotated. Gradients
    /// reach them from the queries of the next [#append], and not from later ones.
    ///
    /// **Shapes** keys and values (B, n, K·D)
    ///
    /// @throws ConfigException if the cache already holds something, or has padding, which must come first
    public final void begin(Tensor keys, Tensor values) {
        ConfigException.require(
                length == 0 && Arrays.stream(paddings).allMatch(each -> each == 0),
                "KvCache: nothing may stand before what a cache begins with; %d positions are stored, the padding is %s",
                length,
                Arrays.toString(paddings));
        append(keys, values);
        beginning = Autograd.recording() ? KeysAndValues.of(keys, values) : null;
    }

    /// The keys and values that are stored, valid until the next append; null while there are none.
    ///
    /// **Shapes** keys and values (B, S, K·D)
    public final KeysAndValues stored() {
        return stored == 0 ? null : new KeysAndValues(keys, values, from, stored);
    }

    /// Stores the keys and values of the next positions.
    ///
    /// **Shapes** keys and values (B, T, K·D)
    ///
    /// @return all keys and values that the queries of these positions may attend to, valid until the next
    ///         append
    /// @throws gradus.error.ConfigException if there is no room for them; the cache is unchanged
    /// @throws gradus.error.ShapeException  if they do not fit the stored ones; the cache is unchanged
    public final KeysAndValues append(Tensor newKeys, Tensor newValues) {
        KeysAndValues added = KeysAndValues.of(newKeys, newValues);
        require(
                stored == 0 || newKeys.dim(0) == keys.dim(0) && newKeys.dim(2) == keys.dim(2),
                "KvCache: new keys must be (B, T, K·D) like the stored ones; got %s after %s",
                newKeys.shape(),
                stored == 0 ? "none" : keys.shape());
        requireRoom(added.length());
        // A later backward pass needs the keys that this call returned, even if no gradient reaches them.
        KeysAndValues seen = Autograd.recording() ? joined(added) : null;
        try (var pause = Autograd.noGrad()) {
            makeRoom(added);
            keys.setSlice(1, from + stored, newKeys);
            values.setSlice(1, from + stored, newValues);
        }
        stored += added.length();
        length += added.length();
        KeysAndValues all = seen != null ? seen : new KeysAndValues(keys, values, from, stored);
        beginning = null;
        forget();
        return all;
    }

    /// The stored rows and the new ones behind them in tensors that pass gradients to the new ones.
    private KeysAndValues joined(KeysAndValues added) {
        if (stored == 0) {
            return added;
        }
        KeysAndValues before = beginning != null ? beginning : new KeysAndValues(keys, values, from, stored);
        return KeysAndValues.of(
                Tensor.concat(1, before.keys(), added.keys()), // (B, S + T, K·D)
                Tensor.concat(1, before.values(), added.values()));
    }

    /// Leaves what no further query looks at: the row stays where it is and counts no more.
    private void forget() {
        int kept = Math.min(stored, reach());
        from += stored - kept;
        stored = kept;
    }

    /// Sees to it that the blocks have room behind what is stored. Where they have not, what is stored moves
    /// to the beginning of others: larger ones, until at least half of them is free if rows are forgotten at
    /// the beginning.
    private void makeRoom(KeysAndValues added) {
        int needed = stored + added.length();
        int capacity = keys == null ? FIRST_CAPACITY : keys.dim(1);
        boolean asBefore = keys != null
                && keys.dim(0) == added.keyBlock().dim(0)
                && keys.dtype() == added.keyBlock().dtype();
        if (asBefore && from + needed <= capacity) {
            return;
        }
        while (needed > (from == 0 ? capacity : capacity / 2)) {
            capacity *= 2;
        }
        capacity = Math.min(capacity, most());
        Tensor largerKeys = room(added.keyBlock(), capacity);
        Tensor largerValues = room(added.valueBlock(), capacity);
        if (stored > 0) {
            KeysAndValues before = new KeysAndValues(keys, values, from, stored);
            largerKeys.setSlice(1, 0, before.keys());
            largerValues.setSlice(1, 0, before.values());
        }
        replace(largerKeys, largerValues);
        from = 0;
    }

    private static Tensor room(Tensor like, int capacity) {
        return like.newEmpty(Shape.of(like.dim(0), capacity, like.dim(2))).keep(); // (B, capacity, K·D)
    }

    private void replace(Tensor newKeys, Tensor newValues) {
        drop();
        keys = newKeys;
        values = newValues;
    }

    private void drop() {
        if (keys != null) {
            keys.close();
            values.close();
        }
    }

    /// Replaces sequence i by what sequence `rows[i]` was before. This may change the number of sequences.
    ///
    /// @throws gradus.error.ShapeException if there is no such sequence
    public final void reorder(Indices rows) {
        beginning = null;
        if (keys != null) {
            try (var pause = Autograd.noGrad()) {
                replace(
                        keys.indexSelect(0, rows).keep(),
                        values.indexSelect(0, rows).keep());
            }
            int[] before = paddings;
            paddings = before.length == 0
                    ? before
                    : Arrays.stream(rows.values()).map(row -> before[row]).toArray();
        }
    }

    /// Removes the positions from a number on, so that others may follow those before. Where some of the
    /// positions that these would look at are forgotten already, all are removed.
    ///
    /// @param to how many positions stay, if they can
    public final void truncate(int to) {
        ConfigException.require(
                to >= 0 && to <= length, "KvCache: of %d positions, 0 to %d can stay; got %d", length, length, to);
        if (to < length && stored < length) {
            clear();
            return;
        }
        stored -= length - to;
        length = to;
    }

    /// Removes all stored positions.
    public final void clear() {
        drop();
        keys = null;
        values = null;
        beginning = null;
        from = 0;
        stored = 0;
        length = 0;
        paddings = new int[0];
    }

    /// How many stored positions the next query may attend to.
    abstract int reach();

    /// How many rows there ever are to be stored.
    abstract int most();

    /// Refuses more positions than there is room for.
    abstract void requireRoom(int time);

    /// Throws if a mask would let queries see positions that are no longer stored.
    public abstract void requireFits(KeyMask mask);
}
