package gradus.layers.attention;

import static gradus.error.ConfigException.require;

import gradus.layers.attention.cache.KvCache;
import gradus.layers.position.BiasPosition;
import gradus.layers.position.EmbeddingPosition;
import gradus.layers.position.Position;
import gradus.layers.position.RotaryPosition;
import gradus.layers.position.ScorePosition;
import gradus.tensor.Tensor;
import gradus.tensor.mask.KeyMask;

/// Queries, keys and values for attention layers that reorder tokens, or that treat one half of their heads
/// differently from the other.
final class Projections {
    private Projections() {}

    /// Throws if a configuration does not fit a layer that treats the two halves of its heads differently.
    static void requireHalves(String name, AttentionConfig config) {
        requireWhole(name, config);
        require(config.heads() % 2 == 0, "%s: heads must be even; got %d", name, config.heads());
    }

    /// Throws if a configuration does not fit a layer that reorders its tokens.
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

    /// Whether a position does nothing after it has rotated queries and keys, so that tokens may then be in
    /// any order.
    static boolean rotatesOnly(Position position) {
        return switch (position) {
            case EmbeddingPosition added -> true;
            case RotaryPosition rotary -> rotary.parts(1).isEmpty() && rotary.logitFactor(1) == 1;
            case BiasPosition biases -> false;
            case ScorePosition scores -> false;
        };
    }

    /// The three parts of a packed projection with positions rotated into queries and keys.
    ///
    /// **Shapes** qkv (B, T, 3·C) → 3 × (B, T, C)
    static Tensor[] rotated(Tensor qkv, AttentionConfig config) {
        Tensor[] parts = parts(qkv, config.dim());
        if (config.position() instanceof RotaryPosition rotary) {
            parts[0] = rotary.rotate(parts[0], config.headDim(), 0);
            parts[1] = rotary.rotateKeys(parts[1], config.headDim(), 0);
        }
        return parts; // 3 × (B, T, C)
    }

    private static Tensor[] parts(Tensor qkv, int dim) {
        return new Tensor[] {qkv.slice(2, 0, dim), qkv.slice(2, dim, 2 * dim), qkv.slice(2, 2 * dim, 3 * dim)
        }; // 3 × (B, T, C)
    }

    /// The next positions of such a layer, with its pattern as a mask: for few positions, reordering tokens
    /// does not pay.
    ///
    /// **Shapes** qkv (B, T, 3·C) → (B, T, C)
    static Tensor step(Tensor qkv, AttentionConfig config, KeyMask mask, KvCache cache) {
        Tensor[] parts = parts(qkv, config.dim());
        return SelfAttention.attend(parts[0], parts[1], parts[2], config.withMask(mask), cache); // (B, T, C)
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
