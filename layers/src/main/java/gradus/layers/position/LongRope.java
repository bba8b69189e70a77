package gradus.layers.position;

import static gradus.error.ConfigException.require;

import java.util.List;

/// LongRoPE: `θᵢ = base^(-2i/D)/λᵢ` with a divisor for each pair that a search found, one list up to the
/// trained length L and one beyond it; cosines and sines grow by `√(1 + ln s/ln L)`. Ding et al. 2024,
/// arXiv:2402.13753; Phi-3.
///
/// @param scale         s, the longer context over the trained one
/// @param trainedLength L
/// @param divisors      λ for short and for long sequences
/// @param factor        what cosines and sines are multiplied by
public record LongRope(double base, double scale, int trainedLength, Divisors divisors, double factor)
        implements RopeFrequencies {

    /// One number above 0 for each pair.
    ///
    /// @param upToTrained for sequences of at most L
    /// @param beyond      for longer ones
    public record Divisors(List<Double> upToTrained, List<Double> beyond) {

        /// @throws gradus.error.ConfigException if the lists differ in length or a number is not above 0
        public Divisors {
            require(
                    upToTrained != null && beyond != null && upToTrained.size() == beyond.size(),
                    "LongRope: two lists of divisors of one length must be given; got %s and %s",
                    upToTrained,
                    beyond);
            upToTrained = List.copyOf(upToTrained);
            beyond = List.copyOf(beyond);
            requirePositive(upToTrained);
            requirePositive(beyond);
        }

        private static void requirePositive(List<Double> divisors) {
            for (double divisor : divisors) {
                require(
                        divisor > 0 && Double.isFinite(divisor),
                        "LongRope: a divisor must be above 0 and finite; got %s",
                        divisor);
            }
        }
    }

    /// @throws gradus.error.ConfigException if the base is not above 0, the scale below 1, the length below 2 or the
    ///                                      factor not above 0
    public LongRope {
        RopeFrequencies.requireBase("LongRope", base);
        RopeFrequencies.requireScale("LongRope", scale);
        require(trainedLength >= 2, "LongRope: trainedLength must be at least 2; got %d", trainedLength);
        require(divisors != null, "LongRope: divisors must be given; got null");
        require(factor > 0 && Double.isFinite(factor), "LongRope: factor must be above 0 and finite; got %s", factor);
    }

    /// With the paper's factor, [#factorOf] of scale and length.
    public LongRope(double base, double scale, int trainedLength, Divisors divisors) {
        this(base, scale, trainedLength, divisors, factorOf(scale, trainedLength));
    }

    /// `√(1 + ln s/ln L)` above s = 1, else 1.
    public static double factorOf(double scale, int trainedLength) {
        return scale > 1 ? Math.sqrt(1 + Math.log(scale) / Math.log(trainedLength)) : 1;
    }

    /// @throws gradus.error.ConfigException if there is not one divisor for each pair
    @Override
    public double[] angles(int headDim, int length) {
        List<Double> own = length > trainedLength ? divisors.beyond : divisors.upToTrained;
        double[] angles = RopeFrequencies.powers(base, headDim);
        require(
                own.size() == angles.length,
                "LongRope: heads of %d need %d divisors; got %d",
                headDim,
                angles.length,
                own.size());
        for (int i = 0; i < angles.length; i++) {
            angles[i] /= own.get(i);
        }
        return angles;
    }

    @Override
    public boolean dependOnLength() {
        return true;
    }
}
