package gradus.layers.attention;

import static gradus.error.ConfigException.require;

import gradus.layers.attention.cache.KvCache;
import gradus.layers.position.Position;
import gradus.layers.position.Rope;
import gradus.tensor.Tensor;
import gradus.tensor.mask.KeyMask;

/// Queries, keys and values of attention layers that move tokens, or treat one half of their heads unlike
/// the other.
final class Projections {
    private Projections() {}

    /// Refuses what a layer that treats its heads in halves cannot do.
    static void requireHalves(String name, AttentionConfig config) {
        requireWhole(name, config);
        require(config.heads() % 2 == 0, "%s: heads must be even; got %d", name, config.heads());
    }

    /// Refuses what a layer that moves its tokens cannot do.
    static void requireWhole(String name, AttentionConfig config) {
        require(
                config.kvHeads() == config.heads()
                        && config.headDim() * config.heads() == config.dim()
                        && !config.qkNorm(),
                "%s: kvHeads must be heads, headDim must be dim/heads and qkNorm off; got %s",
                name,
                config);
        require(
                rotatesOnly(config.position()),
                "%s: tokens change places, so positions must be rotated into queries and keys or added to the"
                        + " embeddings; got %s",
                name,
                config.position().getClass().getSimpleName());
    }

    /// Whether a position is done once queries and keys are rotated, so that tokens may meet in any order.
    static boolean rotatesOnly(Position position) {
        return position instanceof Rope || !position.worksInAttention();
    }

    /// The three parts of a packed projection with positions rotated into queries and keys.
    ///
    /// **Shapes** qkv (B, T, 3·C) → 3 × (B, T, C)
    static Tensor[] rotated(Tensor qkv, AttentionConfig config) {
        int dim = config.dim();
        Position position = config.position();
        Tensor q = position.rotate(qkv.slice(2, 0, dim), config.headDim(), 0); // (B, T, C)
        Tensor k = position.rotate(qkv.slice(2, dim, 2 * dim), config.headDim(), 0); // (B, T, C)
        return new Tensor[] {q, k, qkv.slice(2, 2 * dim, 3 * dim)}; // 3 × (B, T, C)
    }

    /// Further positions of such a layer, under its pattern as a mask: a step is too little to move.
    ///
    /// **Shapes** qkv (B, T, 3·C) → (B, T, C)
    static Tensor step(Tensor qkv, AttentionConfig config, KeyMask mask, KvCache cache) {
        int dim = config.dim();
        Tensor q = qkv.slice(2, 0, dim); // (B, T, C)
        Tensor k = qkv.slice(2, dim, 2 * dim); // (B, T, C)
        Tensor v = qkv.slice(2, 2 * dim, 3 * dim); // (B, T, C)
        return SelfAttention.attend(q, k, v, config.withMask(mask), cache); // (B, T, C)
    }

    /// One of several equal parts of the heads, its queries, keys and values side by side.
    ///
    /// **Shapes** 3 × (B, T, C) → (B, T, 3·C/parts)
    static Tensor heads(Tensor[] qkv, int which, int parts) {
        int dim = qkv[0].dim(2) / parts;
        Tensor[] own = new Tensor[3];
        for (int i = 0; i < 3; i++) {
            own[i] = qkv[i].slice(2, which * dim, (which + 1) * dim); // (B, T, C/parts)
        }
        return Tensor.concat(2, own); // (B, T, 3·C/parts)
    }
}
