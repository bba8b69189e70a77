package gradus.tensor.quant;

/// How a block of neighbouring elements becomes a few bits for each and one scale d for all: `x ≈
/// d·level(q)`, where q is an element's code. [Nf4], [Q8_0] and [Q4_0] are such formats; the last two are
/// those of GGUF files. A format of your own needs these methods and nothing else: [QuantizedMatrix]
/// multiplies by it.
///
/// The last block of a matrix may have fewer elements than the others. Elements are float32, and so is all
/// arithmetic.
public interface BlockFormat {
    /// What it is called in commands and messages.
    String name();

    /// How many elements share a scale.
    int blockSize();

    /// How many bytes the codes of that many elements of one block take.
    int codeBytes(int count);

    /// How many bytes a scale is kept in: 4 for a float32, 2 for a float16, to which [#quantize]'s is then
    /// rounded.
    int scaleBytes();

    /// Whether blocks are cut from the matrix as one long row, so that a block may hold the end of a row and
    /// the start of the next. If not, a row must be a whole number of blocks.
    boolean acrossRows();

    /// The largest magnitude that can be stored.
    double largest();

    /// Encodes a block.
    ///
    /// @param values finite, none beyond [#largest]
    /// @param from   the block's first element
    /// @param count  how many it has, from 1 to [#blockSize]
    /// @param codes  where the codes go
    /// @param at     the place of the first byte
    /// @return the scale, as float32
    float quantize(float[] values, int from, int count, byte[] codes, int at);

    /// Decodes elements of a block.
    ///
    /// @param codes the block's codes begin at `at`
    /// @param scale as it was stored
    /// @param first the first element wanted, counted within the block
    /// @param count how many are wanted
    /// @param to    where they go
    /// @param into  the place of the first
    void dequantize(byte[] codes, int at, float scale, int first, int count, float[] to, int into);

    /// How far a decoded element can be from the original, given the scale that [#quantize] returned. Each format
    /// derives its own.
    double errorBound(float scale);

    /// How a device can decode by itself, in the way of [#dequantize] to the bit; null if only the host can.
    default CodeTable table() {
        return null;
    }

    /// Bits of one element in a full block, its share of the scale included.
    default double bitsPerElement() {
        return 8.0 * (codeBytes(blockSize()) + scaleBytes()) / blockSize();
    }
}
