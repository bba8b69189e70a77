package gradus.tensor.quant;

/// Eight bits: `q = round(x/d)` in -127 … 127, `d = max|x|/127`, `x ≈ d·q`. Blocks have 32 elements within a
/// row and a float16 scale: 34 bytes, 8.5 bits an element. Halves are rounded away from zero, by the
/// unrounded scale.
///
/// Source: ggerganov/llama.cpp, `gguf-py/gguf/quants.py`, to the bit.
public record Q8_0() implements BlockFormat {
    private static final int BLOCK = 32;

    @Override
    public String name() {
        return "q8_0";
    }

    @Override
    public int blockSize() {
        return BLOCK;
    }

    @Override
    public int codeBytes(int count) {
        return count;
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
        return 127 * HalfScales.LARGEST;
    }

    @Override
    public float quantize(float[] values, int from, int count, byte[] codes, int at) {
        float d = Levels.largest(values, from, count) / 127;
        float inverse = HalfScales.inverse(d);
        for (int i = 0; i < count; i++) {
            codes[at + i] = (byte) rounded(values[from + i] * inverse);
        }
        return d;
    }

    /// Halves go away from zero. Adding 0.5 and cutting would also round the float32 just below a half, up.
    private static double rounded(float value) {
        double magnitude = Math.abs((double) value);
        double whole = Math.floor(magnitude);
        return Math.signum(value) * (magnitude - whole >= 0.5 ? whole + 1 : whole);
    }

    @Override
    public void dequantize(byte[] codes, int at, float scale, int first, int count, float[] to, int into) {
        for (int i = 0; i < count; i++) {
            to[into + i] = scale * codes[at + first + i];
        }
    }

    @Override
    public CodeTable table() {
        float[] levels = new float[256];
        for (int code = 0; code < levels.length; code++) {
            levels[code] = (byte) code;
        }
        return new CodeTable(CodeTable.Packing.BYTES, levels);
    }

    /// Half a step, and 127 times what rounding d to float16 changes. Roundings to float32 are of 1/d,
    /// x·(1/d) and d·q.
    @Override
    public double errorBound(float scale) {
        return (0.5 + 127 * 3 * 0x1p-24) * scale + 127 * HalfScales.error(scale);
    }
}
