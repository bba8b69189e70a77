package gradus.tensor.op;

import static gradus.error.ShapeException.require;

import gradus.tensor.Tensor;
import gradus.tensor.kernel.AttentionKernels.Heads;

/// Keys and values for [Attention] to look at: some rows of two blocks that may be longer, as a cache keeps
/// them, so that a further position costs the writing of one row and no copy of the others.
///
/// @param keyBlock   (B, capacity, K·D)
/// @param valueBlock (B, capacity, K·D)
/// @param from       the first row that counts
/// @param length     S, how many rows count
public record KeysAndValues(Tensor keyBlock, Tensor valueBlock, int from, int length) {
    public KeysAndValues {
        require(keyBlock != null && valueBlock != null, "KeysAndValues: keys and values must be given; got null");
        require(
                keyBlock.rank() == 3 && keyBlock.shape().equals(valueBlock.shape()),
                "KeysAndValues: keys and values must both be (B, S, K·D); got %s and %s",
                keyBlock.shape(),
                valueBlock.shape());
        require(
                from >= 0 && length >= 1 && from <= keyBlock.dim(1) - length,
                "KeysAndValues: rows %d to %d must lie within the %d there are",
                from,
                from + length - 1,
                keyBlock.dim(1));
    }

    /// All rows of two tensors.
    ///
    /// **Shapes** keys and values (B, S, K·D)
    public static KeysAndValues of(Tensor keys, Tensor values) {
        require(keys != null, "KeysAndValues: keys and values must be given; got null");
        return new KeysAndValues(keys, values, 0, keys.rank() == 3 ? keys.dim(1) : 1);
    }

    /// Whether every row of the blocks counts.
    public boolean areWhole() {
        return length == keyBlock.dim(1);
    }

    /// The keys as a tensor of their own: a copy where they are part of a longer block.
    ///
    /// **Shapes** (B, S, K·D)
    public Tensor keys() {
        return rows(keyBlock);
    }

    /// The values as a tensor of their own: a copy where they are part of a longer block.
    ///
    /// **Shapes** (B, S, K·D)
    public Tensor values() {
        return rows(valueBlock);
    }

    private Tensor rows(Tensor block) {
        return areWhole() ? block : block.slice(1, from, from + length); // (B, S, K·D)
    }

    Heads keyHeads() {
        return heads(keyBlock);
    }

    Heads valueHeads() {
        return heads(valueBlock);
    }

    private Heads heads(Tensor block) {
        int channels = block.dim(2);
        return new Heads(block.buffer(), from * channels, channels, block.dim(1) * channels);
    }
}
