package gradus.lessons.floats;

/// Half of a float32's bits, and which way the rest is rounded.
public final class RoundToBfloat16 {
    private RoundToBfloat16() {}

    /// The number nearest to x among those whose lower 16 bits are 0: these are the numbers of the type
    /// bfloat16. If x lies exactly in the middle between two of them, the one whose bit 16 (the lowest that
    /// is left) is 0: rounding to nearest, ties to even.
    ///
    /// `Float.floatToRawIntBits` and `Float.intBitsToFloat` go from a float to its bits and back. NaN stays
    /// NaN, infinity stays infinity, and numbers beyond the largest of the type, rounded up, become infinite.
    /// Subnormal numbers are rounded like all others.
    public static float round(float x) {
        // --- your answer
        if (Float.isNaN(x)) {
            return x;
        }
        int bits = Float.floatToRawIntBits(x);
        int odd = (bits >>> 16) & 1;
        return Float.intBitsToFloat((bits + 0x7fff + odd) & 0xffff0000);
        // ---
    }
}
