package gradus.lessons.sampling;

import java.util.Arrays;

/// Top-p: the fewest likeliest tokens that make up enough of the whole.
public final class Nucleus {
    private Nucleus() {}

    /// Goes through the tokens from the likeliest to the least likely; of equally likely ones that of the
    /// smaller number comes first. A token is kept if the probabilities of all tokens **before** it add up to
    /// less than p; so the likeliest always stays, and the one with which p is reached stays too. The others
    /// get 0, and what is kept is divided by its sum.
    ///
    /// @param probabilities add up to 1; some may be 0
    /// @param p             in (0, 1]; 1 keeps all
    /// @return a new array; the given one stays as it is
    public static double[] topP(double[] probabilities, double p) {
        // --- your answer
        Integer[] order = new Integer[probabilities.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, (a, b) -> Double.compare(probabilities[b], probabilities[a])); // stable
        double[] kept = new double[probabilities.length];
        double before = 0;
        for (int i : order) {
            if (before < p) {
                kept[i] = probabilities[i];
                before += probabilities[i];
            }
        }
        for (int i = 0; i < kept.length; i++) {
            kept[i] /= before;
        }
        return kept;
        // ---
    }
}
