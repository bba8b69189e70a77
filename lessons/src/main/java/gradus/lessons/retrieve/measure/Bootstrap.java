package gradus.lessons.retrieve.measure;

import static gradus.error.ConfigException.require;

import gradus.tensor.random.Rng;
import java.util.Arrays;

/// An interval for a mean, without an assumption of how values are spread: as many values as there are, drawn
/// with repetition, again and again; between which bounds do 95 % of their means lie? Efron 1979, *Bootstrap
/// Methods: Another Look at the Jackknife*. The bounds are quantiles of the means.
///
/// @param mean of the values themselves
/// @param low  the lower bound
/// @param high the upper bound
public record Bootstrap(double mean, double low, double high) {
    /// Draws of [#of(double[], long)].
    public static final int DRAWS = 10_000;

    /// The 95 % interval of [#DRAWS] draws.
    ///
    /// @throws gradus.error.ConfigException if there is no value
    public static Bootstrap of(double[] values, long seed) {
        return of(values, seed, DRAWS, 0.95);
    }

    /// @param level which share of the means lies within the bounds
    /// @throws gradus.error.ConfigException unless there are values and draws, and 0 < level < 1
    public static Bootstrap of(double[] values, long seed, int draws, double level) {
        require(values.length > 0, "an interval needs at least one value");
        require(draws >= 1, "the number of draws must be at least 1; got %d", draws);
        require(level > 0 && level < 1, "the level must be between 0 and 1; got %s", level);
        Rng rng = Rng.of(seed).at("bootstrap");
        double[] means = new double[draws];
        for (int draw = 0; draw < draws; draw++) {
            Rng own = rng.at(draw);
            double sum = 0;
            for (int i = 0; i < values.length; i++) {
                sum += values[own.index(i, values.length)];
            }
            means[draw] = sum / values.length;
        }
        Arrays.sort(means);
        return new Bootstrap(
                Arrays.stream(values).sum() / values.length,
                quantile(means, (1 - level) / 2),
                quantile(means, (1 + level) / 2));
    }

    /// Between the two values next to the place, in proportion.
    private static double quantile(double[] sorted, double share) {
        double place = share * (sorted.length - 1);
        int below = (int) place;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }
}
