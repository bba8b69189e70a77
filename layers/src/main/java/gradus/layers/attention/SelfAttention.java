package gradus.layers.attention;

import gradus.error.ConfigException;
import gradus.layers.Layer;
import gradus.layers.Transform;
import gradus.layers.attention.cache.KvCache;
import gradus.layers.position.Position;
import gradus.tensor.Tensor;

/// A layer in which the positions of a sequence look at each other, (B, T, C) → (B, T, C).
public abstract class SelfAttention extends Layer implements Transform {

    /// Whether [#forward(Tensor, KvCache)] is there: not where a position looks at what follows it, or
    /// tokens change places.
    public boolean cacheable() {
        return false;
    }

    /// The same for further positions of sequences whose earlier ones are in a cache, which takes these in.
    /// However a sequence is cut, the results are those of the whole sequence at once.
    ///
    /// **Shapes** x (B, T, C) → (B, T, C)
    ///
    /// @throws ConfigException if the cache is full, or this attention cannot go step by step
    public Tensor forward(Tensor x, KvCache cache) {
        throw ConfigException.of(
                "%s cannot go step by step with a cache; call forward(x) on whole sequences",
                getClass().getSimpleName());
    }

    /// Lets queries that know no positions yet meet keys that do not either, the cached ones before them.
    ///
    /// **Shapes** q (B, T, H·D), k and v (B, T, K·D) → (B, T, H·D)
    static Tensor attend(Tensor q, Tensor k, Tensor v, AttentionConfig config, KvCache cache) {
        cache.requireFits(config.mask());
        Position position = config.position();
        int first = cache.length();
        Tensor keys;
        KvCache.Entries seen;
        if (position.rotatesByLength()) { // a longer sequence rotates every key anew
            seen = cache.append(k, v); // 2 × (B, S, K·D)
            keys = position.rotate(
                    seen.keys(), config.headDim(), cache.length() - seen.keys().dim(1)); // (B, S, K·D)
        } else {
            seen = cache.append(position.rotate(k, config.headDim(), first), v); // 2 × (B, S, K·D)
            keys = seen.keys();
        }
        Tensor rotated = position.rotate(q, config.headDim(), first); // (B, T, H·D)
        return position.attend(rotated, keys, seen.values(), config.heads(), cache.mask(config.mask())); // (B, T, H·D)
    }
}
