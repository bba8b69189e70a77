package gradus.lessons.lab.hallucination;

import static gradus.error.ConfigException.require;

import java.util.HashMap;
import java.util.Map;

/// How often a model that writes statements by itself must write false ones: nearly
///
/// `rate ≥ once − miscalibration`
///
/// Kalai & Vempala 2024, *Calibrated Language Models Must Hallucinate*, arXiv:2311.14648. `once` is the share
/// of the told statements whose fact was told once; by Good and Turing it estimates how probable the facts are
/// that were never told. A model whose probabilities are right gives these as much as they have together, and
/// cannot know them from false statements.
///
/// Their theorem also subtracts a term for lucky guesses, 3/δ times the share of true statements among those
/// that could be true, and √(6·ln(6/δ)/n) for the drawing. With the small numbers here these two are above 1
/// together, so the theorem itself promises nothing, and what is measured is the inequality above, from which
/// only the luck of guessing is taken off: `once` times the share of true statements.
///
/// @param rate           the probability that the model writes a false statement
/// @param once           the share of facts told once
/// @param miscalibration half of `Σ |p(B) − g(B)|` over bins B of statements to which the model gives
///                       probabilities g within a factor of 2 of each other, p being the true ones
/// @param unseen         the true probability of the facts that were never told
/// @param luck           what guesses are right by chance
record HallucinationBound(double rate, double once, double miscalibration, double unseen, double luck) {

    /// **Shapes** model (N, M), truth (N), probabilities (N), told (n)
    ///
    /// @param model         the probability that it writes each statement: of subject i, the value j
    /// @param truth         the value of each subject
    /// @param probabilities of each fact
    /// @param told          which facts were told, one after the other
    /// @throws gradus.error.ConfigException if nothing was told
    static HallucinationBound of(double[][] model, int[] truth, double[] probabilities, int[] told) {
        require(told.length > 0, "there must be at least one statement");
        int[] times = new int[truth.length];
        for (int fact : told) {
            times[fact]++;
        }
        int single = 0;
        double unseen = 0;
        for (int i = 0; i < times.length; i++) {
            single += times[i] == 1 ? 1 : 0;
            unseen += times[i] == 0 ? probabilities[i] : 0;
        }
        double rate = 0;
        Map<Integer, double[]> bins = new HashMap<>(); // p and g of each
        for (int i = 0; i < truth.length; i++) {
            for (int j = 0; j < model[i].length; j++) {
                rate += j == truth[i] ? 0 : model[i][j];
                double[] bin = bins.computeIfAbsent(bin(model[i][j]), b -> new double[2]);
                bin[0] += j == truth[i] ? probabilities[i] : 0;
                bin[1] += model[i][j];
            }
        }
        double difference = bins.values().stream()
                .mapToDouble(bin -> Math.abs(bin[0] - bin[1]))
                .sum();
        double once = single / (double) told.length;
        return new HallucinationBound(rate, once, difference / 2, unseen, once / model[0].length);
    }

    private static int bin(double probability) {
        return probability <= 0 ? Integer.MIN_VALUE : (int) Math.floor(Math.log(probability) / Math.log(2));
    }

    private static final double ROUNDING = 1e-9;

    /// What the rate must be at least.
    double least() {
        return Math.max(0, once - miscalibration - luck);
    }

    /// Whether it would be with the probability that the share told once estimates.
    boolean holdsOfUnseen() {
        return rate >= unseen - miscalibration - luck - ROUNDING;
    }

    /// Whether it is.
    boolean holds() {
        return rate >= least() - ROUNDING;
    }
}
