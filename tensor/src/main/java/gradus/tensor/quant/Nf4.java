package gradus.tensor.quant;

/// NormalFloat with 4 bits: 16 levels at quantiles of the normal distribution, which weights resemble, so
/// that each level is used about equally often. The scale is the block's largest magnitude.
/// ```
/// d = max|x|       q = the level nearest to x/d       x ≈ d·level(q)
/// ```
/// The levels: with Φ⁻¹ the quantile function and δ = 1 - ½(1/30 + 1/32), eight positive ones, Φ⁻¹ at eight
/// equal steps from ½ to δ; seven negative ones, minus Φ⁻¹ at seven equal steps; and 0; all divided by the
/// largest. So 0 is exact, and so are ±d. Blocks have 64 elements and are cut from the matrix as one long
/// row. Two codes share a byte, the first one in its high half; an odd last element is paired with a 0.
///
/// Dettmers et al. 2023, "QLoRA", arXiv:2305.14314. Codes and scales equal those of bitsandbytes 0.50 on a
/// CPU to the byte: a tie goes to the lower level; a full block is multiplied by `1/max(d, 1e-38)`, and the
/// ragged last one is divided by its scale, which is itself at least 1e-38.
public record Nf4() implements BlockFormat {
    /// How many elements share a scale.
    public static final int BLOCK = 64;

    private static final float TINY = 1e-38f;

    private static final float[] LEVELS = {
        -1.0f,
        -0.6961928009986877f,
        -0.5250730514526367f,
        -0.39491748809814453f,
        -0.28444138169288635f,
        -0.18477343022823334f,
        -0.09105003625154495f,
        0.0f,
        0.07958029955625534f,
        0.16093020141124725f,
        0.24611230194568634f,
        0.33791524171829224f,
        0.44070982933044434f,
        0.5626170039176941f,
        0.7229568362236023f,
        1.0f
    };

    private static final Levels NEAREST = new Levels(LEVELS);

    /// For each byte, its two levels one after the other.
    private static final float[] PAIRS = pairs();

    private static float[] pairs() {
        float[] pairs = new float[512];
        for (int code = 0; code < 256; code++) {
            pairs[2 * code] = LEVELS[code >> 4];
            pairs[2 * code + 1] = LEVELS[code & 0xF];
        }
        return pairs;
    }

    /// The 16 levels, rising from -1 to 1.
    public static float[] levels() {
        return LEVELS.clone();
    }

    @Override
    public String name() {
        return "nf4";
    }

    @Override
    public int blockSize() {
        return BLOCK;
    }

    @Override
    public int codeBytes(int count) {
        return (count + 1) / 2;
    }

    @Override
    public int scaleBytes() {
        return Float.BYTES;
    }

    @Override
    public boolean acrossRows() {
        return true;
    }

    @Override
    public double largest() {
        return Float.MAX_VALUE;
    }

    @Override
    public float quantize(float[] values, int from, int count, byte[] codes, int at) {
        float largest = Levels.largest(values, from, count);
        boolean ragged = count < BLOCK;
        float scale = ragged ? Math.max(largest, TINY) : largest;
        float inverse = 1 / Math.max(largest, TINY);
        for (int i = 0; i < count; i += 2) {
            int first = code(values[from + i], ragged, scale, inverse);
            int second = i + 1 < count ? code(values[from + i + 1], ragged, scale, inverse) : NEAREST.of(0);
            codes[at + i / 2] = (byte) (first << 4 | second);
        }
        return scale;
    }

    private static int code(float value, boolean ragged, float scale, float inverse) {
        return NEAREST.of(ragged ? value / scale : value * inverse); // beyond ±1 the nearest is ±1
    }

    @Override
    public void dequantize(byte[] codes, int at, float scale, int first, int count, float[] to, int into) {
        int i = 0;
        if (first % 2 != 0 && count > 0) {
            to[into] = PAIRS[2 * (codes[at + first / 2] & 0xFF) + 1] * scale;
            i = 1;
        }
        for (; i + 1 < count; i += 2) {
            int pair = 2 * (codes[at + (first + i) / 2] & 0xFF);
            to[into + i] = PAIRS[pair] * scale;
            to[into + i + 1] = PAIRS[pair + 1] * scale;
        }
        if (i < count) {
            to[into + i] = PAIRS[2 * (codes[at + (first + i) / 2] & 0xFF)] * scale;
        }
    }

    @Override
    public CodeTable table() {
        return new CodeTable(CodeTable.Packing.PAIRS, levels());
    }

    /// Half of the widest gap, between -1 and -0.6962, and three roundings: of 1/d, of x·(1/d) and of
    /// d·level. Where d is below 1e-38 its block becomes 0 or nearly so, an error of at most d; where 1/d is
    /// denormal it has lost bits.
    @Override
    public double errorBound(float scale) {
        double gap = (LEVELS[1] - (double) LEVELS[0]) / 2;
        double inverse = 1 / (double) Math.max(scale, TINY);
        double relative = 3 * 0x1p-24 + Math.ulp((float) inverse) / inverse / 2;
        return scale < TINY ? scale : (gap + relative) * scale + Float.MIN_VALUE;
    }
}
