package gradus.lessons.retrieve.measure;

import static gradus.error.ConfigException.require;

import gradus.tensor.random.Rng;

/// Whether two ways of ranking differ, measured on the same questions. If they did not, it would be chance
/// which of the two values of a question is whose: so the signs of the differences are drawn by chance, again
/// and again, and p is the share of draws whose mean difference is as far from 0 as the measured one or
/// further.
///
/// `p = (1 + |{draws: |Σ ±dᵢ| ≥ |Σ dᵢ|}|) / (1 + draws)`
///
/// The measured order counts as one of the draws, so p is never 0. Smucker, Allan & Carterette 2007, *A
/// Comparison of Statistical Significance Tests for Information Retrieval Evaluation*.
public final class PairedRandomisation {
    /// Draws of [#pValue(double[], double[], long)].
    public static final int DRAWS = 10_000;

    /// Sums of the same differences in another order or with other signs differ by rounding.
    private static final double ROUNDING = 1e-12;

    private PairedRandomisation() {}

    /// With [#DRAWS] draws.
    public static double pValue(double[] one, double[] other, long seed) {
        return pValue(one, other, seed, DRAWS);
    }

    /// The two-sided p.
    ///
    /// @param one   values by question
    /// @param other those of the other way, of the same questions in the same order
    /// @throws gradus.error.ConfigException unless both have the same number of values, at least one, and draws
    ///     ≥ 1
    public static double pValue(double[] one, double[] other, long seed, int draws) {
        require(
                one.length == other.length && one.length > 0,
                "both ways need values of the same questions; got %d and %d",
                one.length,
                other.length);
        require(draws >= 1, "the number of draws must be at least 1; got %d", draws);
        Rng rng = Rng.of(seed).at("randomisation");
        double measured = 0;
        double scale = 0;
        for (int i = 0; i < one.length; i++) {
            measured += one[i] - other[i];
            scale += Math.abs(one[i] - other[i]);
        }
        double bar = Math.abs(measured) - ROUNDING * scale;
        int asFar = 0;
        for (int draw = 0; draw < draws; draw++) {
            Rng own = rng.at(draw);
            double sum = 0;
            for (int i = 0; i < one.length; i++) {
                double difference = one[i] - other[i];
                sum += own.bits(i) < 0 ? -difference : difference;
            }
            asFar += Math.abs(sum) >= bar ? 1 : 0;
        }
        return (1.0 + asFar) / (1.0 + draws);
    }
}
