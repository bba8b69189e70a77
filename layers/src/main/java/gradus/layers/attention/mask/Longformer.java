package gradus.layers.attention.mask;

import static gradus.error.ConfigException.require;

import gradus.tensor.mask.KeyMask;
import gradus.tensor.mask.Query;
import java.util.Arrays;
import java.util.List;

/// Longformer: i sees its neighbours on both sides, `|i - j| ≤ w`, and the global positions; these see
/// everything. Both ways, for encoders. Beltagy et al. 2020, arXiv:2004.05150.
///
/// The window is one-sided as in the authors' code, `2w + 1` keys; Hugging Face's `attention_window` is `2w`.
/// Costs `T·(2w + 1 + g)`. With `w ≥ T` it is full attention. [gradus.layers.attention.LongformerAttention]
/// gives the global positions projections of their own.
///
/// @param window w
/// @param global positions, such as a class token's
public record Longformer(int window, List<Integer> global) implements KeyMask {
    /// @throws gradus.error.ConfigException if the window or a position is negative
    public Longformer {
        require(window >= 0, "Longformer: window must be at least 0; got %d", window);
        require(
                global != null && global.stream().allMatch(position -> position != null && position >= 0),
                "Longformer: global positions must be at least 0; got %s",
                global);
        global = global.stream().distinct().sorted().toList();
    }

    public Longformer(int window, int... global) {
        this(window, Arrays.stream(global).boxed().toList());
    }

    /// @throws gradus.error.ConfigException if queries and keys differ in number, or a global position is
    ///     outside
    @Override
    public void see(Query query) {
        int keys = query.keys();
        require(
                keys == query.queries(),
                "Longformer: queries and keys must be equally many; got %d and %d",
                query.queries(),
                keys);
        requireWithin(keys);
        if (global.contains(query.index())) {
            query.sees(0, keys);
        } else {
            local(query);
        }
    }

    /// What a position that is not global sees.
    public void local(Query query) {
        int from = Math.max(0, query.index() - window);
        int to = Math.min(query.keys(), query.index() + window + 1);
        for (int position : global) {
            if (position < from) {
                query.sees(position);
            }
        }
        query.sees(from, to);
        for (int position : global) {
            if (position >= to) {
                query.sees(position);
            }
        }
    }

    public void requireWithin(int keys) {
        require(
                global.isEmpty() || global.getLast() < keys,
                "Longformer: global positions must be below the length %d; got %s",
                keys,
                global);
    }
}
