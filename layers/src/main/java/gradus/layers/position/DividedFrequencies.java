package gradus.layers.position;

import static gradus.error.ConfigException.require;

import java.util.List;

/// `θᵢ = base^(-2i/D)/λᵢ` with any divisor for each pair. A GGUF file stores scaled frequencies, such as
/// those of Llama 3, in this form in its tensor `rope_freqs.weight`. [LongRope] has two such lists.
///
/// @param divisors λ, one number above 0 for each pair
public record DividedFrequencies(double base, List<Double> divisors) implements RopeFrequencies {

    /// @throws gradus.error.ConfigException if the base or a divisor is not above 0, or there is none
    public DividedFrequencies {
        RopeFrequencies.requireBase("DividedFrequencies", base);
        require(
                divisors != null && !divisors.isEmpty(),
                "DividedFrequencies: divisors must be given; got %s",
                divisors);
        divisors = List.copyOf(divisors);
        for (double divisor : divisors) {
            require(
                    divisor > 0 && Double.isFinite(divisor),
                    "DividedFrequencies: a divisor must be above 0 and finite; got %s",
                    divisor);
        }
    }

    /// @throws gradus.error.ConfigException if there is not one divisor for each pair
    @Override
    public double[] angles(int headDim, int length) {
        double[] angles = RopeFrequencies.powers(base, headDim);
        require(
                divisors.size() == angles.length,
                "DividedFrequencies: heads of %d need %d divisors; got %d",
                headDim,
                angles.length,
                divisors.size());
        for (int i = 0; i < angles.length; i++) {
            angles[i] /= divisors.get(i);
        }
        return angles;
    }
}
