package gradus.layers.attention.cache;

import static gradus.error.ShapeException.require;

import gradus.error.ConfigException;
import gradus.tensor.Autograd;
import gradus.tensor.Indices;
import gradus.tensor.Tensor;
import gradus.tensor.mask.KeyMask;
import java.util.Arrays;

/// The keys and values of the positions that one attention layer has seen so far, so that a further position
/// costs one position and not the whole sequence again. `2·S·K·D` numbers a sequence.
///
/// Keys are stored with their positions rotated into them, values as they are. The rows of a batch are as
/// many sequences side by side; [#reorder] picks and repeats them, as beam search does. What is stored is
/// cut off from the graph: gradients reach the new positions only.
public abstract sealed class KvCache permits ContiguousKvCache, RollingKvCache {
    private Tensor keys; // (B, S, K·D), or null while there are none
    private Tensor values; // (B, S, K·D)
    private int[] paddings = {}; // of each sequence, or none
    private int length;

    /// Keys and values for the newest queries to look at, valid until the next append.
    ///
    /// @param keys   (B, S, K·D), the newest last
    /// @param values (B, S, K·D)
    public record Entries(Tensor keys, Tensor values) {}

    /// Lets sequences of unequal length end together: so many places before each are padding, which no query
    /// sees. To be called before anything is taken in.
    ///
    /// @throws gradus.error.ConfigException if something has been, or a number is negative
    public final void padLeft(int... places) {
        ConfigException.require(length == 0, "KvCache: padding must be told first; %d positions are in", length);
        ConfigException.require(places != null, "KvCache: paddings must be given, none or one a sequence; got null");
        for (int each : places) {
            ConfigException.require(each >= 0, "KvCache: paddings must be at least 0; got %s", Arrays.toString(places));
        }
        paddings = places.clone();
    }

    /// What a mask lets the newest queries see here: what it says, without the padding before each sequence.
    public final KeyMask mask(KeyMask own) {
        return Arrays.stream(paddings).allMatch(each -> each == 0) ? own : new LeftPadded(own, paddings);
    }

    /// How many positions have come so far; the next has this number.
    public final int length() {
        return length;
    }

    /// Takes in the keys and values of further positions.
    ///
    /// **Shapes** keys and values (B, T, K·D)
    ///
    /// @return all that the queries of these positions may look at
    /// @throws gradus.error.ConfigException if there is no room for them; the cache is unchanged
    /// @throws gradus.error.ShapeException  if they do not fit those before; the cache is unchanged
    public final Entries append(Tensor newKeys, Tensor newValues) {
        require(
                newKeys.rank() == 3 && newKeys.shape().equals(newValues.shape()),
                "KvCache: keys and values must both be (B, T, K·D); got %s and %s",
                newKeys.shape(),
                newValues.shape());
        requireRoom(newKeys.dim(1));
        Entries seen = new Entries(joined(keys, newKeys), joined(values, newValues));
        int time = newKeys.dim(1);
        try (var pause = Autograd.noGrad()) {
            replace(last(seen.keys(), newKeys), last(seen.values(), newValues));
        }
        length += time;
        return seen;
    }

    private static Tensor joined(Tensor stored, Tensor added) {
        return stored == null ? added : Tensor.concat(1, stored, added); // (B, S + T, K·D)
    }

    /// What is to be stored, a tensor of its own.
    private Tensor last(Tensor all, Tensor added) {
        int total = all.dim(1);
        int stored = Math.min(total, reach());
        if (stored == 0) {
            return null;
        }
        if (stored == total && all != added && !all.requiresGrad()) {
            return all;
        }
        return stored == total ? all.mul(1) : all.slice(1, total - stored, total); // (B, S, K·D)
    }

    private void replace(Tensor newKeys, Tensor newValues) {
        drop();
        keys = newKeys == null ? null : newKeys.keep();
        values = newValues == null ? null : newValues.keep();
    }

    private void drop() {
        if (keys != null) {
            keys.close();
            values.close();
        }
    }

    /// Makes sequence i what sequence `rows[i]` was. There may be more or fewer of them then.
    ///
    /// @throws gradus.error.ShapeException if there is no such sequence
    public final void reorder(Indices rows) {
        if (keys != null) {
            try (var pause = Autograd.noGrad()) {
                replace(keys.indexSelect(0, rows), values.indexSelect(0, rows));
            }
            int[] before = paddings;
            paddings = before.length == 0
                    ? before
                    : Arrays.stream(rows.values()).map(row -> before[row]).toArray();
        }
    }

    /// Forgets everything.
    public final void clear() {
        drop();
        keys = null;
        values = null;
        length = 0;
        paddings = new int[0];
    }

    /// How many stored positions a further query may look at.
    abstract int reach();

    /// Refuses more positions than there is room for.
    abstract void requireRoom(int time);

    /// Refuses a mask that would look at what is no longer stored.
    public abstract void requireFits(KeyMask mask);
}
