package gradus.layers.position;

import static gradus.error.ConfigException.require;

/// The scaling of Llama 3.1: a pair of wavelength `λ = 2π/θ` keeps its θ where λ is below L/4, has θ/s where
/// it is above L, and `(1 - z)·θ/s + z·θ` with `z = (L/λ - 1)/(4 - 1)` between. Dubey et al. 2024,
/// arXiv:2407.21783, and the `apply_scaling` of its code. Unlike [Yarn], it is linear in the number of
/// rotations and does not change the softmax.
///
/// @param scale         s, 8 in Llama 3.1, 32 in 3.2
/// @param trainedLength L, 8,192 in both
/// @param rotations     between which numbers of rotations within L pairs are mixed
public record Llama3Scaling(double base, double scale, int trainedLength, Rotations rotations)
        implements RopeFrequencies {

    /// Pairs that rotate more often than `high` stay as they are; pairs that rotate less often than `low` are
    /// interpolated.
    public record Rotations(double low, double high) {
        /// Of every Llama 3 so far.
        public static final Rotations OF_LLAMA = new Rotations(1, 4);

        /// @throws gradus.error.ConfigException unless high is above low and both above 0
        public Rotations {
            require(
                    low > 0 && high > low && Double.isFinite(high),
                    "Llama3Scaling: rotations must be high > low > 0; got low=%s, high=%s",
                    low,
                    high);
        }
    }

    /// @throws gradus.error.ConfigException if the base is not above 0, the scale below 1 or the length below 1
    public Llama3Scaling {
        RopeFrequencies.requireBase("Llama3Scaling", base);
        RopeFrequencies.requireScale("Llama3Scaling", scale);
        RopeFrequencies.requireTrained("Llama3Scaling", trainedLength);
        require(rotations != null, "Llama3Scaling: rotations must be given; got null");
    }

    /// With Llama's bounds.
    public Llama3Scaling(double base, double scale, int trainedLength) {
        this(base, scale, trainedLength, Rotations.OF_LLAMA);
    }

    @Override
    public double[] angles(int headDim, int length) {
        double[] angles = RopeFrequencies.powers(base, headDim);
        for (int i = 0; i < angles.length; i++) {
            double within = trainedLength * angles[i] / (2 * Math.PI); // L/λ
            double z = Math.clamp((within - rotations.low) / (rotations.high - rotations.low), 0, 1);
            angles[i] *= (1 - z) / scale + z;
        }
        return angles;
    }
}
