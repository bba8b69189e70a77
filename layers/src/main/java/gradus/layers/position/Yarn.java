package gradus.layers.position;

import static gradus.error.ConfigException.require;

/// YaRN: pairs that turn often within the trained length L stay as they are, pairs that do not turn once
/// are interpolated by s, and those between are mixed; cosines and sines grow by `0.1·ln s + 1`, which
/// sharpens the softmax. Peng et al. 2023, arXiv:2309.00071.
///
/// A pair that turns r times within L has the index `i(r) = D·ln(L/(2π·r))/(2·ln base)`. The ramp rises
/// linearly from `low = ⌊i(32)⌋` to `high = ⌈i(1)⌉` by the index, as in the authors' code and every
/// checkpoint; the paper's text has it rise by the number of turns, which mixes differently, by up to 0.37
/// at D = 128. `θᵢ ← rampᵢ·θᵢ/s + (1 - rampᵢ)·θᵢ`.
///
/// @param scale         s, the longer context over the trained one
/// @param trainedLength L, the length before any extension
/// @param turns         between which numbers of turns pairs are mixed
public record Yarn(double base, double scale, int trainedLength, Turns turns) implements RopeFrequencies {

    /// Pairs that turn more often than `kept` stay, those that turn less than `slowed` are interpolated.
    public record Turns(double kept, double slowed) {
        /// The paper's β = 32 and α = 1.
        public static final Turns OF_PAPER = new Turns(32, 1);

        /// @throws gradus.error.ConfigException unless kept is above slowed and both above 0
        public Turns {
            require(
                    slowed > 0 && kept > slowed && Double.isFinite(kept),
                    "Yarn: turns must be kept > slowed > 0; got kept=%s, slowed=%s",
                    kept,
                    slowed);
        }
    }

    /// @throws gradus.error.ConfigException if the base is not above 1, the scale below 1 or the length below 1
    public Yarn {
        require(base > 1 && Double.isFinite(base), "Yarn: base (theta) must be above 1 and finite; got %s", base);
        RopeFrequencies.requireScale("Yarn", scale);
        RopeFrequencies.requireTrained("Yarn", trainedLength);
        require(turns != null, "Yarn: turns must be given; got null");
    }

    /// With the paper's bounds.
    public Yarn(double base, double scale, int trainedLength) {
        this(base, scale, trainedLength, Turns.OF_PAPER);
    }

    @Override
    public double[] angles(int headDim, int length) {
        double[] angles = RopeFrequencies.powers(base, headDim);
        int low = low(headDim);
        double high = high(headDim) == low ? low + 0.001 : high(headDim); // a step must have some width
        for (int i = 0; i < angles.length; i++) {
            double ramp = Math.clamp((i - low) / (high - low), 0, 1);
            angles[i] *= ramp / scale + (1 - ramp);
        }
        return angles;
    }

    @Override
    public double factor() {
        return 0.1 * Math.log(scale) + 1;
    }

    /// The last pair that stays as it is.
    int low(int headDim) {
        return (int) Math.max(Math.floor(index(turns.kept, headDim)), 0);
    }

    /// The first pair that is interpolated in full.
    int high(int headDim) {
        return (int) Math.min(Math.ceil(index(turns.slowed, headDim)), headDim - 1);
    }

    private double index(double rotations, int headDim) {
        return headDim * Math.log(trainedLength / (2 * Math.PI * rotations)) / (2 * Math.log(base));
    }
}
