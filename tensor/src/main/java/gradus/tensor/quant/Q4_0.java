package gradus.tensor.quant;

/// Four bits: `q = ⌊x/d + 8.5⌋` in 0 … 15, `d = -m/8` with m the element of largest magnitude, `x ≈ d·(q -
/// 8)`. So m is exact but for the rounding of d, and an element as large on the other side is cut to 7/8 of
/// it. Blocks have 32 elements within a row and a float16 scale: 18 bytes, 4.5 bits an element. Byte i holds
/// the codes of elements i (low half) and i + 16.
///
/// Source: ggerganov/llama.cpp, `gguf-py/gguf/quants.py`, to the bit.
public record Q4_0() implements BlockFormat {
    private static final int BLOCK = 32;

    @Override
    public String name() {
        return "q4_0";
    }

    @Override
    public int blockSize() {
        return BLOCK;
    }

    @Override
    public int codeBytes(int count) {
        return BLOCK / 2; // rows are whole blocks
    }

    @Override
    public int scaleBytes() {
        return Short.BYTES;
    }

    @Override
    public boolean acrossRows() {
        return false;
    }

    @Override
    public double largest() {
        return 8 * HalfScales.LARGEST;
    }

    @Override
    public float quantize(float[] values, int from, int count, byte[] codes, int at) {
        float extreme = values[from];
        for (int i = from; i < from + BLOCK; i++) {
            extreme = Math.abs(values[i]) > Math.abs(extreme) ? values[i] : extreme;
        }
        float d = extreme / -8;
        float inverse = HalfScales.inverse(d);
        for (int i = 0; i < BLOCK / 2; i++) {
            int low = code(values[from + i], inverse);
            codes[at + i] = (byte) (low | code(values[from + i + BLOCK / 2], inverse) << 4);
        }
        return d;
    }

    private static int code(float value, float inverse) {
        return Math.clamp((int) (value * inverse + 8.5f), 0, 15); // in float32, as the reference does
    }

    @Override
    public void dequantize(byte[] codes, int at, float scale, int first, int count, float[] to, int into) {
        for (int i = 0; i < count; i++) {
            int element = first + i;
            int shift = element < BLOCK / 2 ? 0 : 4;
            to[into + i] = scale * ((codes[at + element % (BLOCK / 2)] >> shift & 0xF) - 8);
        }
    }

    @Override
    public CodeTable table() {
        float[] levels = new float[16];
        for (int code = 0; code < levels.length; code++) {
            levels[code] = code - 8;
        }
        return new CodeTable(CodeTable.Packing.HALVES, levels);
    }

    /// A whole step, where an element is cut to 7/8; half of one elsewhere. Beside it 8 times what rounding d
    /// to float16 changes, and four roundings to float32: of 1/d, x·(1/d), the sum with 8.5 and d·(q - 8).
    @Override
    public double errorBound(float scale) {
        return (1 + 17 * 4 * 0x1p-24) * Math.abs(scale) + 8 * HalfScales.error(scale);
    }
}
