package gradus.layers.position;

/// Position interpolation: `θᵢ = base^(-2i/D)/s`, so that a sequence of s times the trained length has only
/// angles that the model knows. Chen et al. 2023, arXiv:2306.15595. It needs some fine-tuning, since
/// neighbouring positions come s times closer together.
///
/// For a score `a(p) = Σ Re(hᵢ·e^{ipθᵢ})` and p between two trained positions `p₁`, `p₂`, the distance from
/// the straight line through the two is at most `max|hᵢ|·½Σθᵢ²·(p - p₁)(p₂ - p)`, by the second derivative.
/// The paper's theorem 2.1 puts `D/(8·ln base)` for `½Σθᵢ²`, which is its limit for large D; at D = 128 it is
/// 13% too small.
///
/// @param scale s, the longer context over the trained one
public record PositionInterpolation(double base, double scale) implements RopeFrequencies {

    /// @throws gradus.error.ConfigException if the base is not above 0 or the scale below 1
    public PositionInterpolation {
        RopeFrequencies.requireBase("PositionInterpolation", base);
        RopeFrequencies.requireScale("PositionInterpolation", scale);
    }

    @Override
    public double[] angles(int headDim, int length) {
        double[] angles = RopeFrequencies.powers(base, headDim);
        for (int i = 0; i < angles.length; i++) {
            angles[i] /= scale;
        }
        return angles;
    }
}
