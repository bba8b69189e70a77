package gradus.layers.position;

import static gradus.error.ConfigException.require;

/// YaRN: pairs that rotate many times within the trained length L stay as they are, pairs that rotate less
/// than once are interpolated by s, and the pairs between are a mixture of both. Cosines and sines are
/// multiplied by `0.1·ln s + 1`, which sharpens the softmax. Peng et al. 2023, arXiv:2309.00071.
///
/// A pair that rotates r times within L has the index `i(r) = D·ln(L/(2π·r))/(2·ln base)`. The ramp rises
/// linearly from `low = ⌊i(32)⌋` to `high = ⌈i(1)⌉` by the index, as in the authors' code and every
/// checkpoint; in the paper's text it rises with the number of rotations, which gives another mixture,
/// different by up to 0.37 at D = 128. `θᵢ ← rampᵢ·θᵢ/s + (1 - rampᵢ)·θᵢ`.
///
/// Some checkpoints leave the ends of the ramp where they fall, between two pairs (`truncate: false` in
/// Hugging Face's files, as gpt-oss has it), and some set the factor themselves.
///
/// @param scale         s, the longer context over the trained one
/// @param trainedLength L, the length before any extension
/// @param rotations     between which numbers of rotations pairs are mixed
/// @param factor        what cosines and sines are multiplied by
public record Yarn(double base, double scale, int trainedLength, Rotations rotations, double factor)
        implements RopeFrequencies {

    /// Pairs that rotate more often than `kept` stay as they are; pairs that rotate less often than `slowed`
    /// are interpolated.
    ///
    /// @param truncate whether the ends of the ramp are rounded outwards to whole pairs
    public record Rotations(double kept, double slowed, boolean truncate) {
        /// The paper's β = 32 and α = 1.
        public static final Rotations OF_PAPER = new Rotations(32, 1);

        /// With the ends rounded.
        public Rotations(double kept, double slowed) {
            this(kept, slowed, true);
        }

        /// @throws gradus.error.ConfigException unless kept is above slowed and both above 0
        public Rotations {
            require(
                    slowed > 0 && kept > slowed && Double.isFinite(kept),
                    "Yarn: rotations must be kept > slowed > 0; got kept=%s, slowed=%s",
                    kept,
                    slowed);
        }
    }

    /// @throws gradus.error.ConfigException if the base is not above 1, the scale below 1, the length below 1
    ///     or the factor not above 0
    public Yarn {
        require(base > 1 && Double.isFinite(base), "Yarn: base (theta) must be above 1 and finite; got %s", base);
        RopeFrequencies.requireScale("Yarn", scale);
        RopeFrequencies.requireTrained("Yarn", trainedLength);
        require(rotations != null, "Yarn: rotations must be given; got null");
        require(factor > 0 && Double.isFinite(factor), "Yarn: factor must be above 0 and finite; got %s", factor);
    }

    /// With the paper's bounds.
    public Yarn(double base, double scale, int trainedLength) {
        this(base, scale, trainedLength, Rotations.OF_PAPER);
    }

    /// With the paper's factor, [#factorOf] of the scale.
    public Yarn(double base, double scale, int trainedLength, Rotations rotations) {
        this(base, scale, trainedLength, rotations, factorOf(scale, 1));
    }

    /// `0.1·m·ln s + 1` above s = 1, else 1.
    ///
    /// @param m DeepSeek's mscale; 1 in the paper
    public static double factorOf(double scale, double m) {
        return scale > 1 ? 0.1 * m * Math.log(scale) + 1 : 1;
    }

    @Override
    public double[] angles(int headDim, int length) {
        double[] angles = RopeFrequencies.powers(base, headDim);
        double low = low(headDim);
        double high = high(headDim) == low ? low + 0.001 : high(headDim); // a step must have some width
        for (int i = 0; i < angles.length; i++) {
            double ramp = Math.clamp((i - low) / (high - low), 0, 1);
            angles[i] *= ramp / scale + (1 - ramp);
        }
        return angles;
    }

    /// Where the ramp begins: the last pair that stays as it is.
    double low(int headDim) {
        double index = index(rotations.kept, headDim);
        return Math.max(rotations.truncate ? Math.floor(index) : index, 0);
    }

    /// Where it ends: the first pair that is interpolated in full.
    double high(int headDim) {
        double index = index(rotations.slowed, headDim);
        return Math.min(rotations.truncate ? Math.ceil(index) : index, headDim - 1);
    }

    private double index(double rotations, int headDim) {
        return headDim * Math.log(trainedLength / (2 * Math.PI * rotations)) / (2 * Math.log(base));
    }
}
