package gradus.tensor.quant;

import gradus.error.ConfigException;
import gradus.error.NumericException;

/// Scales that are quantised themselves, in one byte each: QLoRA's double quantisation. With s the scales and
/// m their mean, what is left, `s - m`, is scaled by its largest magnitude in blocks of 256 and rounded to
/// [DynamicMap]'s 256 levels:
/// ```
/// sᵢ ≈ level(qᵢ)·a[i/256] + m
/// ```
/// For [Nf4] this takes 4 + 8/64 + 32/(64·256) = 4.127 bits an element instead of 4.5.
///
/// Dettmers et al. 2023, arXiv:2305.14314, section 3. Codes, a and m equal those of bitsandbytes 0.50 on a
/// CPU to the bit, for a matrix of fewer than 32,768 blocks; beyond that PyTorch's mean depends on its number
/// of threads, and this is that of one thread.
///
/// @param codes  q, one for each scale; not copied
/// @param absmax a, one for each 256 of them; not copied
/// @param offset m
public record NestedScales(byte[] codes, float[] absmax, float offset) implements Scales {
    /// How many scales share one of theirs.
    public static final int BLOCK = 256;

    private static final float TINY = 1e-38f;
    private static final float[] MAP = DynamicMap.levels();
    private static final Levels NEAREST = new Levels(MAP);

    /// @throws ConfigException if the lengths do not fit each other
    public NestedScales {
        ConfigException.require(
                absmax.length == blocks(codes.length),
                "nested scales: %d codes have %d blocks of %d; got %d scales of these",
                codes.length,
                blocks(codes.length),
                BLOCK,
                absmax.length);
    }

    private static int blocks(int count) {
        return (count + BLOCK - 1) / BLOCK;
    }

    /// Quantises scales.
    ///
    /// @throws gradus.error.NumericException if their sum is beyond float32, so that they have no mean
    public static NestedScales of(float[] scales) {
        float offset = CascadeSum.of(scales) / scales.length;
        if (!Float.isFinite(offset)) {
            throw new NumericException(
                    "nested scales: the scales' sum is beyond float32; quantise without double quantisation");
        }
        byte[] codes = new byte[scales.length];
        float[] absmax = new float[blocks(scales.length)];
        float[] rest = new float[scales.length];
        for (int i = 0; i < rest.length; i++) {
            rest[i] = scales[i] - offset;
        }
        for (int block = 0; block < absmax.length; block++) {
            int from = block * BLOCK;
            int count = Math.min(BLOCK, rest.length - from);
            boolean ragged = count < BLOCK;
            float largest = Levels.largest(rest, from, count);
            float inverse = 1 / Math.max(largest, TINY);
            absmax[block] = ragged ? Math.max(largest, TINY) : largest;
            for (int i = from; i < from + count; i++) {
                codes[i] = (byte) NEAREST.of(ragged ? rest[i] / absmax[block] : rest[i] * inverse);
            }
        }
        return new NestedScales(codes, absmax, offset);
    }

    @Override
    public int count() {
        return codes.length;
    }

    @Override
    public float get(int block) {
        return MAP[codes[block] & 0xFF] * absmax[block / BLOCK] + offset;
    }

    @Override
    public long bytes() {
        return codes.length + (long) Float.BYTES * (absmax.length + 1);
    }
}
