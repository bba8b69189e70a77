package gradus.layers.position;

/// [NtkAware] with a scale that grows with the sequence: up to the trained length L the plain frequencies,
/// beyond it the base times `(s·n/L - (s - 1))^(D/(D-2))`. Peng et al. 2023, YaRN, arXiv:2309.00071, 3.3. A
/// short sequence loses nothing and no fine-tuning is needed, but every further position changes all
/// angles.
///
/// @param scale         s, at least 1; 1 makes it `n/L`
/// @param trainedLength L
public record DynamicNtk(double base, double scale, int trainedLength) implements RopeFrequencies {

    /// @throws gradus.error.ConfigException if the base is not above 0, the scale below 1 or the length below 1
    public DynamicNtk {
        RopeFrequencies.requireBase("DynamicNtk", base);
        RopeFrequencies.requireScale("DynamicNtk", scale);
        RopeFrequencies.requireTrained("DynamicNtk", trainedLength);
    }

    /// @throws gradus.error.ConfigException if the head size is odd, or 2
    @Override
    public double[] angles(int headDim, int length) {
        double stretch = scale * Math.max(length, trainedLength) / trainedLength - (scale - 1);
        return RopeFrequencies.powers(RopeFrequencies.stretchedBase(base, stretch, headDim), headDim);
    }

    @Override
    public boolean dependOnLength() {
        return true;
    }
}
