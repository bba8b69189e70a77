package gradus.layers.position;

/// NTK-aware interpolation: a larger base, `base·s^(D/(D-2))`, slows the slowest pair by s and the fastest
/// not at all, so that neighbours stay as far apart as in training. bloc97 2023, in Peng et al. 2023, YaRN,
/// arXiv:2309.00071, 3.1. Works to some degree without fine-tuning.
///
/// @param scale s, the longer context over the trained one
public record NtkAware(double base, double scale) implements RopeFrequencies {

    /// @throws gradus.error.ConfigException if the base is not above 0 or the scale below 1
    public NtkAware {
        RopeFrequencies.requireBase("NtkAware", base);
        RopeFrequencies.requireScale("NtkAware", scale);
    }

    /// @throws gradus.error.ConfigException if the head size is odd, or 2
    @Override
    public double[] angles(int headDim, int length) {
        return RopeFrequencies.powers(RopeFrequencies.stretchedBase(base, scale, headDim), headDim);
    }
}
