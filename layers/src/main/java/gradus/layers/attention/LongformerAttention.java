package gradus.layers.attention;

import static gradus.error.ConfigException.require;

import gradus.layers.Linear;
import gradus.layers.WeightKind;
import gradus.layers.attention.mask.Longformer;
import gradus.layers.position.EmbeddingPosition;
import gradus.tensor.Tensor;
import gradus.tensor.mask.KeyMask;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import java.util.stream.IntStream;

/// Longformer's attention, whose global positions look at the sequence through projections of their own.
/// Beltagy et al. 2020, arXiv:2004.05150, section 3.1. Other positions see their window and the global
/// positions with q, k and v; a global position g sees all with
///
/// `o_g = softmax(q_G(x_g)·k_G(x)ᵀ/√D)·v_G(x)`
///
/// Parameters have the names of Hugging Face's `longformer`: query, key, value and query_global,
/// key_global, value_global, then dense. Costs `12·C²` operations a position more than plain attention's
/// projections where there are global positions, and none where there are none.
public final class LongformerAttention extends SelfAttention {
    private final int heads;
    private final Longformer pattern;
    private final Linear query; // (B, T, C) → (B, T, C)
    private final Linear key; // (B, T, C) → (B, T, C)
    private final Linear value; // (B, T, C) → (B, T, C)
    private final Linear queryGlobal; // (B, G, C) → (B, G, C)
    private final Linear keyGlobal; // (B, T, C) → (B, T, C)
    private final Linear valueGlobal; // (B, T, C) → (B, T, C)
    private final Linear dense; // (B, T, C) → (B, T, C)

    /// @param config with K = H and D = C/H; its mask is ignored
    /// @throws gradus.error.ConfigException if the configuration differs from this
    public LongformerAttention(AttentionConfig config, Longformer pattern, Rng rng) {
        int dim = config.dim();
        require(
                config.kvHeads() == config.heads() && config.headDim() * config.heads() == dim,
                "LongformerAttention: kvHeads must be heads and headDim dim/heads; got %s",
                config);
        require(
                config.position() instanceof EmbeddingPosition,
                "LongformerAttention: positions must be added to the embeddings; got %s",
                config.position().getClass().getSimpleName());
        require(pattern != null, "LongformerAttention: a pattern must be given; got null");
        this.heads = config.heads();
        this.pattern = pattern;
        this.query = child("query", new Linear(dim, dim, rng.at("query")));
        this.key = child("key", new Linear(dim, dim, rng.at("key")));
        this.value = child("value", new Linear(dim, dim, rng.at("value")));
        this.queryGlobal = child("query_global", new Linear(dim, dim, rng.at("query_global")));
        this.keyGlobal = child("key_global", new Linear(dim, dim, rng.at("key_global")));
        this.valueGlobal = child("value_global", new Linear(dim, dim, rng.at("value_global")));
        this.dense = child("dense", new Linear(dim, dim, rng.at("dense")).as(WeightKind.OUTPUT_PROJECTION));
    }

    /// **Shapes** x (B, T, C) → (B, T, C)
    ///
    /// @throws gradus.error.ConfigException if a global position is not below T
    @Override
    public Tensor forward(Tensor x) {
        int time = x.dim(1);
        pattern.requireWithin(time);
        KeyMask local = at -> {
            if (!pattern.global().contains(at.index())) {
                pattern.local(at);
            }
        };
        Tensor near = query.forward(x).attention(key.forward(x), value.forward(x), heads, local); // (B, T, C)
        return hooked(dense.forward(pattern.global().isEmpty() ? near : replaced(near, x))); // (B, T, C)
    }

    /// The local results with those of the global positions in their places.
    private Tensor replaced(Tensor near, Tensor x) {
        int time = x.dim(1);
        int[] positions = pattern.global().stream().mapToInt(Integer::intValue).toArray();
        Tensor q = queryGlobal.forward(x.indexSelect(1, Indices.of(positions))); // (B, G, C)
        Tensor far = q.attention(keyGlobal.forward(x), valueGlobal.forward(x), heads, KeyMask.full()); // (B, G, C)
        int[] places = IntStream.range(0, time).toArray();
        for (int g = 0; g < positions.length; g++) {
            places[positions[g]] = time + g;
        }
        return Tensor.concat(1, near, far).indexSelect(1, Indices.of(places)); // (B, T, C)
    }
}
