package gradus.layers.attention;

import static gradus.error.ConfigException.require;

import gradus.layers.Linear;
import gradus.layers.WeightKind;
import gradus.layers.attention.cache.KvCache;
import gradus.layers.attention.mask.SlidingWindow;
import gradus.layers.attention.mask.StridedHeads;
import gradus.layers.position.Position;
import gradus.tensor.Tensor;
import gradus.tensor.mask.KeyMask;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import java.util.stream.IntStream;

/// The Sparse Transformer's strided attention over heads, as [StridedHeads] defines it, at a cost that
/// follows the pattern: the first half of the heads sees the last l keys, the second half every l-th key
/// before. Child et al. 2019, arXiv:1904.10509, section 4.2.
///
/// Keys at distances that are multiples of l all leave the same remainder when divided by l. Sorted by that
/// remainder, tokens that see each other are neighbours, and the strided half is causal attention within
/// runs of T/l tokens: `T·l` pairs for the local half, `T²/(2l)` for the strided one, about `T·√T` together
/// at `l = √T`.
public final class StridedSparseAttention extends SelfAttention {
    private final AttentionConfig config;
    private final int stride;
    private final Linear project; // (B, T, C) → (B, T, 3·C)
    private final Linear output; // (B, T, C) → (B, T, C)

    /// @param config with K = H, an even number, and D = C/H; its mask is ignored
    /// @param stride l
    /// @throws gradus.error.ConfigException if the heads are odd or the stride is not positive
    public StridedSparseAttention(AttentionConfig config, int stride, Rng rng) {
        Projections.requireHalves("StridedSparseAttention", config);
        require(stride >= 1, "StridedSparseAttention: stride must be at least 1; got %d", stride);
        this.config = config;
        this.stride = stride;
        this.project = child("c_attn", new Linear(config.dim(), 3 * config.dim(), rng.at("c_attn")));
        this.output = child(
                "c_proj", new Linear(config.dim(), config.dim(), rng.at("c_proj")).as(WeightKind.OUTPUT_PROJECTION));
        child("position", config.position());
    }

    /// Whether positions come in where this layer lets them: in the embeddings, or rotated into queries and keys.
    public static boolean takes(Position position) {
        return Projections.rotatesOnly(position);
    }

    /// **Shapes** x (B, T, C) → (B, T, C)
    @Override
    public Tensor forward(Tensor x) {
        Tensor[] qkv = Projections.rotated(project.forward(x), config); // 3 × (B, T, C)
        return hooked(output.forward(attend(qkv, config.heads(), stride))); // (B, T, C)
    }

    @Override
    public boolean cacheable() {
        return true;
    }

    @Override
    public Tensor forward(Tensor x, KvCache cache) {
        KeyMask mask = new StridedHeads(stride);
        return hooked(output.forward(Projections.step(project.forward(x), config, mask, cache))); // (B, T, C)
    }

    /// The attention alone, between the projections.
    ///
    /// **Shapes** qkv 3 × (B, T, C) → (B, T, C)
    ///
    /// @param heads H, an even number
    public static Tensor attend(Tensor[] qkv, int heads, int stride) {
        int time = qkv[0].dim(1);
        int[] order = byRemainder(time, stride);
        int[] back = new int[time];
        IntStream.range(0, time).forEach(i -> back[order[i]] = i);
        // In the new order as many of its kind as order[i]/l stand before a token: there its run begins.
        KeyMask runs = query -> query.sees(query.index() - order[query.index()] / stride, query.index() + 1);
        Tensor local = Projections.heads(qkv, 0, 2); // (B, T, 3·C/2)
        Tensor sorted = Projections.heads(qkv, 1, 2).indexSelect(1, Indices.of(order)); // (B, T, 3·C/2)
        Tensor near = local.selfAttention(heads / 2, new SlidingWindow(stride)); // (B, T, C/2)
        Tensor far = sorted.selfAttention(heads / 2, runs).indexSelect(1, Indices.of(back)); // (B, T, C/2)
        return Tensor.concat(2, near, far); // (B, T, C)
    }

    /// The positions sorted by remainder, earlier ones first.
    private static int[] byRemainder(int time, int stride) {
        return IntStream.range(0, Math.min(stride, time))
                .flatMap(remainder -> IntStream.iterate(remainder, t -> t < time, t -> t + stride))
                .toArray();
    }
}
