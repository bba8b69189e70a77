package gradus.layers.attention;

import gradus.error.ConfigException;
import gradus.layers.Layer;
import gradus.layers.Transform;
import gradus.layers.attention.cache.KvCache;
import gradus.layers.attention.cache.PackedDocuments;
import gradus.layers.attention.cache.PackedRows;
import gradus.layers.position.BiasPosition;
import gradus.layers.position.EmbeddingPosition;
import gradus.layers.position.RotaryPosition;
import gradus.layers.position.RotaryPosition.Part;
import gradus.layers.position.ScorePosition;
import gradus.tensor.Tensor;
import gradus.tensor.mask.KeyMask;
import gradus.tensor.op.Attention;
import gradus.tensor.op.Attention.Result;
import gradus.tensor.op.AttentionSettings;
import gradus.tensor.op.KeysAndValues;
import gradus.tensor.op.MergeAttention;
import gradus.tensor.type.Indices;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// A layer in which the positions of a sequence look at each other, (B, T, C) → (B, T, C).
///
/// To write an attention of your own, compute queries, keys and values and call [#attend], which handles
/// every kind of [gradus.layers.position.Position] and the cache:
/// ```java
/// public Tensor forward(Tensor x) {
///     return hooked(output.forward(attend(q.forward(x), k.forward(x), v.forward(x), config)));
/// }
///
/// public Tensor forward(Tensor x, KvCache cache) {
///     return hooked(output.forward(attend(q.forward(x), k.forward(x), v.forward(x), config, cache)));
/// }
/// ```
public abstract class SelfAttention extends Layer implements Transform {

    /// Whether [#forward(Tensor, KvCache)] works. It does not work if positions attend to later ones, or if
    /// tokens are reordered.
    public boolean cacheable() {
        return false;
    }

    /// Attention for the next positions of sequences whose earlier positions are in a cache. The new
    /// positions are added to the cache. However a sequence is divided over several calls, the results are
    /// the same as in one call with the whole sequence.
    ///
    /// **Shapes** x (B, T, C) → (B, T, C)
    ///
    /// @throws ConfigException if the cache is full, or this attention cannot go step by step
    public Tensor forward(Tensor x, KvCache cache) {
        throw ConfigException.of(
                "%s cannot go step by step with a cache of keys and values; call forward(x) on whole sequences",
                getClass().getSimpleName());
    }

    /// Attention within whole sequences. Pass queries and keys as they were projected; this method applies
    /// the positions.
    ///
    /// **Shapes** q (B, T, H·D), k and v (B, T, K·D) → (B, T, H·D)
    protected static Tensor attend(Tensor q, Tensor k, Tensor v, AttentionConfig config) {
        Tensor keys = config.position() instanceof RotaryPosition rotary
                ? rotary.rotateKeys(k, config.headDim(), 0)
                : k; // (B, T, K·D)
        return attendByKind(q, KeysAndValues.of(keys, v), config, 0, config.mask()); // (B, T, H·D)
    }

    /// Attention of the next queries to their own keys and to the keys in a cache. The new keys and values
    /// are added to the cache. Pass queries and keys as they were projected; this method applies the
    /// positions.
    ///
    /// **Shapes** q (B, T, H·D), k and v (B, T, K·D) → (B, T, H·D)
    ///
    /// @throws ConfigException if the cache is full, or does not keep what the mask lets queries see
    protected static Tensor attend(Tensor q, Tensor k, Tensor v, AttentionConfig config, KvCache cache) {
        cache.requireFits(config.mask());
        if (cache instanceof PackedRows rows) {
            return attend(q, k, v, config, rows.documents()); // (B, T, H·D)
        }
        int first = cache.length();
        int headDim = config.headDim();
        KeysAndValues seen;
        if (!(config.position() instanceof RotaryPosition rotary)) {
            seen = cache.append(k, v); // (B, S, K·D)
        } else if (rotary.rotatesByLength()) { // in a longer sequence, every key has another angle
            KeysAndValues whole = cache.append(k, v);
            int firstSeen = cache.length() - whole.length();
            seen = KeysAndValues.of(rotary.rotateKeys(whole.keys(), headDim, firstSeen), whole.values());
        } else {
            seen = cache.append(rotary.rotateKeys(k, headDim, first), v);
        }
        return attendByKind(q, seen, config, first, cache.mask(config.mask())); // (B, T, H·D)
    }

    /// Attention within each document of rows that hold several.
    ///
    /// **Shapes** q (B, T, H·D), k and v (B, T, K·D) → (B, T, H·D)
    private static Tensor attend(Tensor q, Tensor k, Tensor v, AttentionConfig config, PackedDocuments documents) {
        KeyMask mask = documents.within(config.mask());
        if (!(config.position() instanceof RotaryPosition rotary)) { // the others go by distances
            return attendByKind(q, KeysAndValues.of(k, v), config, 0, mask); // (B, T, H·D)
        }
        ConfigException.require(
                !rotary.dependsOnLength()
                        && rotary.parts(documents.time()).isEmpty()
                        && rotary.logitFactor(documents.time()) == 1,
                "%s: angles depend on how long a sequence is, so documents cannot share a row",
                rotary.getClass().getSimpleName());
        Indices places = documents.positions(); // (B, T)
        Tensor queries = rotary.rotate(q, config.headDim(), places); // (B, T, H·D)
        Tensor keys = rotary.rotate(k, config.headDim(), places); // (B, T, K·D)
        return Attention.apply(queries, KeysAndValues.of(keys, v), config.heads(), mask); // (B, T, H·D)
    }

    /// Computes attention as each kind of position needs it.
    ///
    /// **Shapes** q (B, T, H·D), keys (rotated, if the position rotates them) and values (B, S, K·D) → (B, T,
    ///   H·D)
    ///
    /// @param first the position of the first query
    static Tensor attendByKind(Tensor q, KeysAndValues seen, AttentionConfig config, int first, KeyMask mask) {
        int heads = config.heads();
        AttentionSettings plain = AttentionSettings.of(heads, mask);
        return switch (config.position()) {
            case EmbeddingPosition added -> Attention.apply(q, seen, plain); // (B, T, H·D)
            case RotaryPosition rotary -> rotated(q, seen, config, rotary, first, mask);
            case BiasPosition distances ->
                Attention.apply(q, seen, plain.withBias(distances.bias(q.dim(1), seen.length(), q.dtype())));
            case ScorePosition scores ->
                new ScaledDotProductAttention(heads, mask)
                        .apply(q, seen.keys(), seen.values(), scores)
                        .out();
        };
    }

    /// Attention of rotated queries to rotated keys, to all keys at once or to one part after the other.
    private static Tensor rotated(
            Tensor q, KeysAndValues seen, AttentionConfig config, RotaryPosition rotary, int first, KeyMask mask) {
        int time = q.dim(1);
        int length = first + time;
        int headDim = config.headDim();
        double factor = rotary.logitFactor(length);
        AttentionSettings settings = AttentionSettings.of(config.heads(), mask);
        if (factor != 1) {
            settings = settings.withScale(factor / Math.sqrt(headDim));
        }
        List<Result> results = new ArrayList<>();
        for (Part part : rotary.parts(length)) {
            Indices places =
                    Indices.of(IntStream.range(first, length).map(part::place).toArray());
            KeyMask keys = only(part, length - seen.length(), mask);
            results.add(Attention.withLogSum(
                    rotary.rotate(q, headDim, places),
                    seen,
                    new AttentionSettings(config.heads(), keys, settings.scale(), null)));
        }
        return switch (results.size()) {
            case 0 -> Attention.apply(rotary.rotate(q, headDim, first), seen, settings);
            case 1 -> results.getFirst().out();
            default -> MergeAttention.apply(results).out(); // (B, T, H·D)
        };
    }

    /// What a mask lets queries see among the keys of a part.
    ///
    /// @param gone how many positions came before the first key that is there
    private static KeyMask only(Part part, int gone, KeyMask mask) {
        return mask.and(query -> {
            int position = gone + query.position();
            query.sees(Math.max(part.from(position) - gone, 0), part.to(position) - gone);
        });
    }
}
