package gradus.layers.position;

import gradus.tensor.Indices;
import gradus.tensor.Tensor;
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

    /// The same for tokens that stand one after the other.
    ///
    /// **Shapes** x (B, T, N·D) → (B, T, N·D)
    ///
    /// @param first the position of the first token
    /// @throws gradus.error.ConfigException if it is below 0
    public final Tensor rotate(Tensor x, int headDim, int first) {
        Indices positions = EmbeddingPosition.range(getClass().getSimpleName(), first, x.dim(1)); // (T)
        return rotate(x, headDim, positions); // (B, T, N·D)
    }

    /// The keys that a cache takes in, rotated for good.
    ///
    /// **Shapes** k (B, T, K·D) → (B, T, K·D)
    ///
    /// @param first the position of the first of them
    public Tensor rotateKeys(Tensor k, int headDim, int first) {
        return rotate(k, headDim, first); // (B, T, K·D)
    }

    /// Whether the angles depend on the length of the whole sequence. If so, a cache must hold keys as they
    /// were before, and all of them are rotated anew when the sequence has grown.
    public boolean rotatesByLength() {
        return false;
    }

    /// Where the angles do.
    @Override
    public boolean dependsOnLength() {
        return rotatesByLength();
    }

    // --- where a query's place depends on the key it looks at

    /// Some of the keys, and where a query is taken to stand when it looks at these.
    public interface Part {
        /// Where the query of this position is taken to stand.
        int place(int position);

        /// The first position that it looks at.
        int from(int position);

        /// The position after the last one.
        int to(int position);
    }

    /// The parts into which the keys of a sequence fall, each looked at from another place; their results are
    /// merged into one softmax. Empty where a query stands at one place for all keys: everywhere but in
    /// [DualChunkRope].
    ///
    /// @param length how long the sequence is
    public List<Part> parts(int length) {
        return List.of();
    }

    /// What the logits of a sequence of this length are multiplied by, beside 1/√D.
    public double logitFactor(int length) {
        return 1;
    }
}
