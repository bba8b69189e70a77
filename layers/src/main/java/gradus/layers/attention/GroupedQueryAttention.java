package gradus.layers.attention;

import gradus.layers.Linear;
import gradus.layers.WeightKind;
import gradus.layers.attention.cache.KvCache;
import gradus.layers.norm.QkNorm;
import gradus.tensor.Tensor;
import gradus.tensor.mask.KeyMask;
import gradus.tensor.random.Rng;

/// Grouped-query attention: H query heads share K heads of keys and values, query head h reading key head `h
/// / (H/K)`. Ainslie et al. 2023, arXiv:2305.13245. With K = H it is multi-head attention, with K = 1
/// multi-query attention. The cache of keys and values becomes smaller by the factor H/K, so generation reads
/// less memory.
///
/// `q = W_Q·x`, `k = W_K·x`, `v = W_V·x`, positions rotated into q and k, `y = W_O·concat(O₁ … O_H)`. Costs
/// `4·C·H·D + 4·C·K·D` operations a position for the projections.
public class GroupedQueryAttention extends SelfAttention {
    /// ε of Qwen3's norms on queries and keys.
    private static final double QK_NORM_EPS = 1e-6;

    private final AttentionConfig config;
    private final Linear queries; // (B, T, C) → (B, T, H·D)
    private final Linear keys; // (B, T, C) → (B, T, K·D)
    private final Linear values; // (B, T, C) → (B, T, K·D)
    private final Linear output; // (B, T, H·D) → (B, T, C)
    private final QkNorm queryNorm; // null without qkNorm
    private final QkNorm keyNorm; // null without qkNorm
    private AttentionConfig whileTraining; // null: the same as in evaluation

    /// @param rng random numbers for the initial weights
    public GroupedQueryAttention(AttentionConfig config, Rng rng) {
        int dim = config.dim();
        int wide = config.heads() * config.headDim();
        int narrow = config.kvHeads() * config.headDim();
        this.config = config;
        this.queries = child("q_proj", new Linear(dim, wide, config.bias(), rng.at("q_proj")));
        this.keys = child("k_proj", new Linear(dim, narrow, config.bias(), rng.at("k_proj")));
        this.values = child("v_proj", new Linear(dim, narrow, config.bias(), rng.at("v_proj")));
        this.output = child("o_proj", new Linear(wide, dim, false, rng.at("o_proj")).as(WeightKind.OUTPUT_PROJECTION));
        child("position", config.position());
        this.queryNorm = config.qkNorm() ? child("q_norm", new QkNorm(config.headDim(), QK_NORM_EPS)) : null;
        this.keyNorm = config.qkNorm() ? child("k_norm", new QkNorm(config.headDim(), QK_NORM_EPS)) : null;
    }

    /// From now on, uses another mask in training mode, and the configuration's in evaluation: LongLoRA
    /// trains with [gradus.layers.attention.mask.ShiftedSparse] what then attends fully.
    ///
    /// @param mask null for the configuration's own
    public final void maskWhileTraining(KeyMask mask) {
        whileTraining = mask == null ? null : config.withMask(mask);
    }

    /// **Shapes** x (B, T, C) → (B, T, C)
    @Override
    public Tensor forward(Tensor x) {
        AttentionConfig now = training() && whileTraining != null ? whileTraining : config;
        return hooked(output.forward(attend(query(x), key(x), values.forward(x), now))); // (B, T, C)
    }

    @Override
    public boolean cacheable() {
        return config.mask().cacheable();
    }

    @Override
    public Tensor forward(Tensor x, KvCache cache) {
        return hooked(output.forward(attend(query(x), key(x), values.forward(x), config, cache))); // (B, T, C)
    }

    private Tensor query(Tensor x) {
        Tensor q = queries.forward(x); // (B, T, H·D)
        return config.qkNorm() ? queryNorm.forward(q) : q;
    }

    private Tensor key(Tensor x) {
        Tensor k = keys.forward(x); // (B, T, K·D)
        return config.qkNorm() ? keyNorm.forward(k) : k;
    }
}
