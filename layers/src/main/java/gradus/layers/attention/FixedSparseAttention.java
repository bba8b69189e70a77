package gradus.layers.attention;

import static gradus.error.ConfigException.require;

import gradus.layers.Linear;
import gradus.layers.WeightKind;
import gradus.layers.attention.cache.KvCache;
import gradus.layers.attention.mask.FixedSparse;
import gradus.layers.position.Position;
import gradus.tensor.Tensor;
import gradus.tensor.mask.KeyMask;
import gradus.tensor.op.Attention;
import gradus.tensor.op.Attention.Result;
import gradus.tensor.op.AttentionSettings;
import gradus.tensor.op.MergeAttention;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import java.util.List;
import java.util.stream.IntStream;

/// The Sparse Transformer's fixed attention, as [FixedSparse] defines it, at a cost that follows the
/// pattern. Child et al. 2019, arXiv:1904.10509, section 4.2.
///
/// The places that sum up a block are a few in each, too scattered for tiles. So they are picked out and
/// stand side by side: one attention looks within the own block, another at the summaries of all blocks
/// before it, and the two sets of keys have nothing in common, so their results merge ([MergeAttention]).
/// `T·l/2 + T²·c/(2l)` pairs.
public final class FixedSparseAttention extends SelfAttention {
    private final AttentionConfig config;
    private final FixedSparse pattern;
    private final Linear project; // (B, T, C) → (B, T, 3·C)
    private final Linear output; // (B, T, C) → (B, T, C)

    /// @param config with K = H and D = C/H; its mask is ignored
    /// @throws gradus.error.ConfigException if the configuration differs from this
    public FixedSparseAttention(AttentionConfig config, FixedSparse pattern, Rng rng) {
        Projections.requireWhole("FixedSparseAttention", config);
        require(pattern != null, "FixedSparseAttention: a pattern must be given; got null");
        this.config = config;
        this.pattern = pattern;
        this.project = child("c_attn", new Linear(config.dim(), 3 * config.dim(), rng.at("c_attn")));
        this.output = child(
                "c_proj", new Linear(config.dim(), config.dim(), rng.at("c_proj")).as(WeightKind.OUTPUT_PROJECTION));
        child("position", config.position());
    }

    /// **Shapes** x (B, T, C) → (B, T, C)
    @Override
    public Tensor forward(Tensor x) {
        Tensor[] qkv = Projections.rotated(project.forward(x), config); // 3 × (B, T, C)
        return hooked(output.forward(attend(qkv, config.heads(), pattern))); // (B, T, C)
    }

    @Override
    public boolean cacheable() {
        return true;
    }

    @Override
    public Tensor forward(Tensor x, KvCache cache) {
        return hooked(output.forward(Projections.step(project.forward(x), config, pattern, cache))); // (B, T, C)
    }

    /// Whether positions come in where this layer lets them: in the embeddings, or rotated into queries and keys.
    public static boolean takes(Position position) {
        return Projections.rotatesOnly(position);
    }

    /// The attention alone, between the projections.
    ///
    /// **Shapes** qkv 3 × (B, T, C) → (B, T, C)
    public static Tensor attend(Tensor[] qkv, int heads, FixedSparse pattern) {
        int time = qkv[0].dim(1);
        int block = pattern.block();
        KeyMask own = query -> query.sees(query.index() / block * block, query.index() + 1);
        Result near = Attention.withLogSum(qkv[0], qkv[1], qkv[2], AttentionSettings.of(heads, own));
        int[] columns = IntStream.range(0, time / block * block)
                .filter(t -> t % block >= block - pattern.columns())
                .toArray();
        if (columns.length == 0) {
            return near.out(); // (B, T, C): not one block is complete
        }
        Indices picked = Indices.of(columns);
        KeyMask before = query -> query.sees(0, query.index() / block * pattern.columns());
        Result far = Attention.withLogSum(
                qkv[0],
                qkv[1].indexSelect(1, picked),
                qkv[2].indexSelect(1, picked),
                AttentionSettings.of(heads, before));
        return MergeAttention.apply(List.of(near, far)).out(); // (B, T, C)
    }
}
