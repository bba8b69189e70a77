package gradus.tensor.quant;

/// Scales in float32, 4 bytes each.
///
/// @param values one for each block; not copied
public record FloatScales(float[] values) implements Scales {
    @Override
    public int count() {
        return values.length;
    }

    @Override
    public float get(int block) {
        return values[block];
    }

    @Override
    public long bytes() {
        return (long) Float.BYTES * values.length;
    }
}
