package gradus.layers.position;

import gradus.tensor.Tensor;
import gradus.tensor.type.Indices;
import java.util.List;

/// Positions that rotate queries and keys before their product is taken, so that the product depends on the
/// distance between them. Values stay as they are.
public abstract non-sealed class RotaryPosition extends Position {

    /// Queries or keys, rotated by positions.
    ///
    /// **Shapes** x (B, T, N·D), positions (T) or (B, T) → (B, T, N·D)
    ///
    /// @param headDim D, the size of one head
    public abstract Tensor rotate(Tensor x, int headDim, Indices positions);

    /// The same for tokens at consecutive positions.
    ///
    /// **Shapes** x (B, T, N·D) → (B, T, N·D)
    ///
    /// @param first the position of the first token
    /// @throws gradus.error.ConfigException if it is below 0
    public final Tensor rotate(Tensor x, int headDim, int first) {
        Indices positions = EmbeddingPosition.range(getClass().getSimpleName(), first, x.dim(1)); // (T)
        return rotate(x, headDim, positions); // (B, T, N·D)
    }

    /// Rotates keys as they are stored in a cache, where they are not rotated again.
    ///
    /// **Shapes** k (B, T, K·D) → (B, T, K·D)
    ///
    /// @param first the position of the first key
    public Tensor rotateKeys(Tensor k, int headDim, int first) {
        return rotate(k, headDim, first); // (B, T, K·D)
    }

    /// Whether the angles depend on the length of the whole sequence. If so, a cache must hold the keys
    /// before rotation, and all of them are rotated again each time the sequence has grown.
    public boolean rotatesByLength() {
        return false;
    }

    /// True if the angles depend on the length.
    @Override
    public boolean dependsOnLength() {
        return rotatesByLength();
    }

    // --- where a query's position depends on the key that it attends to

    /// A range of the keys, and the position that a query is given when it attends to them.
    public interface Part {
        /// The position that the query at this position is given.
        int place(int position);

        /// The first position that the query attends to.
        int from(int position);

        /// One more than the last position that the query attends to.
        int to(int position);
    }

    /// The parts into which the keys of a sequence are divided. A query has a different position for each
    /// part, and the results are merged into one softmax. The list is empty if a query has the same position
    /// for all keys, as in every kind except [DualChunkRope].
    ///
    /// @param length the length of the sequence
    public List<Part> parts(int length) {
        return List.of();
    }

    /// The factor by which the logits of a sequence of this length are multiplied, in addition to 1/√D.
    public double logitFactor(int length) {
        return 1;
    }
}
