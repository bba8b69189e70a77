package gradus.layers.position;

import static gradus.error.ConfigException.require;

import gradus.tensor.Tensor;
import gradus.tensor.type.Indices;
import java.util.stream.IntStream;

/// Positions that are added to the embeddings, before the first block: `x_t ← x_t + P(t)`. Attention itself
/// does not use positions of this kind.
public abstract non-sealed class EmbeddingPosition extends Position {

    /// The embeddings with the positions added.
    ///
    /// **Shapes** x (B, T, C), positions (T) or (B, T) → (B, T, C)
    public abstract Tensor embed(Tensor x, Indices positions);

    /// The same for tokens at consecutive positions.
    ///
    /// **Shapes** x (B, T, C) → (B, T, C)
    ///
    /// @param first the position of the first token, above 0 when earlier ones are in a cache
    /// @throws gradus.error.ConfigException if it is below 0
    public Tensor embed(Tensor x, int first) {
        return embed(x, range(getClass().getSimpleName(), first, x.dim(1))); // (B, T, C)
    }

    /// The positions first, first + 1, …
    static Indices range(String name, int first, int count) {
        require(first >= 0, "%s: the first position must be at least 0; got %d", name, first);
        require(
                first <= Integer.MAX_VALUE - count,
                "%s: positions must be below %d; got %d",
                name,
                Integer.MAX_VALUE,
                (long) first + count);
        return Indices.of(IntStream.range(first, first + count).toArray()); // (T)
    }
}
