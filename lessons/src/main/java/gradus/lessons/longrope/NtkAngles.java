package gradus.lessons.longrope;

/// Rotary frequencies for a longer context, by a larger base.
public final class NtkAngles {
    private NtkAngles() {}

    /// The angle θᵢ, in radians a position, of each of the D/2 pairs, for a context that is s times as long
    /// as the trained one. The plain ones are `θᵢ = base^(-2i/D)`; NTK-aware interpolation puts another base
    /// in:
    ///
    /// `base' = base·s^(D/(D-2))`, `θᵢ = base'^(-2i/D)`
    ///
    /// The fastest pair stays as it is, the slowest becomes s times slower. A model is not made slower than
    /// trained for short texts: for s below 1 the plain angles are the answer.
    ///
    /// @param headDim D, even, 4 or more
    /// @param scale   s, above 0
    public static double[] angles(int headDim, double base, double scale) {
        // --- your answer
        double stretched = base * Math.pow(Math.max(scale, 1), headDim / (headDim - 2.0));
        double[] angles = new double[headDim / 2];
        for (int i = 0; i < angles.length; i++) {
            angles[i] = Math.pow(stretched, -2.0 * i / headDim);
        }
        return angles;
        // ---
    }
}
