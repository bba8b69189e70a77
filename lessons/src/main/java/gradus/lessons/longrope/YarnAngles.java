package gradus.lessons.longrope;

/// YaRN: fast pairs stay, slow pairs are interpolated, those between are mixed.
public final class YarnAngles {
    private YarnAngles() {}

    /// The angle θᵢ of each of the D/2 pairs. The plain angles are `base^(-2i/D)`. Within the trained length
    /// L the pair of index i turns `L·θᵢ/(2π)` times; solved for the index, a pair that turns r times has
    ///
    /// `index(r) = D·ln(L/(2π·r)) / (2·ln base)`
    ///
    /// Pairs up to `low = max(⌊index(32)⌋, 0)` keep their angle, pairs from `high = min(⌈index(1)⌉, D - 1)`
    /// on have theirs divided by s. Between them a ramp mixes the two:
    ///
    /// - `rampᵢ = (i - low)/(high - low)`, clipped to 0 … 1
    /// - `θᵢ = rampᵢ·plainᵢ/s + (1 - rampᵢ)·plainᵢ`
    ///
    /// You may take it that high is above low.
    ///
    /// @param headDim D, even
    /// @param scale   s, 1 or more
    /// @param trained L
    public static double[] angles(int headDim, double base, double scale, int trained) {
        // --- your answer
        double perTurns = headDim / (2 * Math.log(base));
        double low = Math.max(Math.floor(perTurns * Math.log(trained / (2 * Math.PI * 32))), 0);
        double high = Math.min(Math.ceil(perTurns * Math.log(trained / (2 * Math.PI))), headDim - 1);
        double[] angles = new double[headDim / 2];
        for (int i = 0; i < angles.length; i++) {
            double plain = Math.pow(base, -2.0 * i / headDim);
            double ramp = Math.clamp((i - low) / (high - low), 0, 1);
            angles[i] = ramp * plain / scale + (1 - ramp) * plain;
        }
        return angles;
        // ---
    }
}
