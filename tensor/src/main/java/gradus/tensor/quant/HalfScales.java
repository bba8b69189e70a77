package gradus.tensor.quant;

/// Scales in float16, 2 bytes each.
///
/// @param halves the bits of one for each block; not copied
public record HalfScales(short[] halves) implements Scales {
    /// The largest float16.
    public static final double LARGEST = 65_504;

    /// Rounds scales to float16, ties to even.
    static HalfScales round(float[] values) {
        short[] halves = new short[values.length];
        for (int i = 0; i < halves.length; i++) {
            halves[i] = Float.floatToFloat16(values[i]);
        }
        return new HalfScales(halves);
    }

    /// 1/d, or 0 where d is so small that as a float16 it is 0 anyway.
    static float inverse(float d) {
        float inverse = 1 / d;
        return Float.isInfinite(inverse) ? 0 : inverse;
    }

    /// How much rounding to float16 changes a scale, at most: half a unit of 11 bits, or of the least there is.
    static double error(float scale) {
        return Math.max(0x1p-11 * Math.abs(scale), 0x1p-25);
    }

    @Override
    public int count() {
        return halves.length;
    }

    @Override
    public float get(int block) {
        return Float.float16ToFloat(halves[block]);
    }

    @Override
    public long bytes() {
        return (long) Short.BYTES * halves.length;
    }
}
