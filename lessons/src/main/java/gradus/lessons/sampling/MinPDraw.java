package gradus.lessons.sampling;

import java.util.Arrays;

/// Draws one token.
public final class MinPDraw {
    private MinPDraw() {}

    /// Keeps the tokens that are at least minP times as likely as the likeliest one, and draws one of them,
    /// each in proportion to its probability. The kept tokens share [0, 1) in the order of their numbers:
    /// token i has the part from a to b, where a is the share of the kept tokens before it and b is a plus
    /// its own share. The token is drawn whose part holds the uniform number u: a ≤ u < b. If by rounding no
    /// part holds u, it is the last kept token. A token of probability 0 is never drawn.
    ///
    /// @param probabilities add up to 1
    /// @param minP          in [0, 1]; 0 keeps all of probability above 0
    /// @param uniform       u in [0, 1)
    public static int draw(double[] probabilities, double minP, double uniform) {
        // --- your answer
        double least = minP * Arrays.stream(probabilities).max().orElseThrow();
        double sum = 0;
        for (double p : probabilities) {
            sum += p >= least ? p : 0;
        }
        double mass = 0;
        int last = -1;
        for (int i = 0; i < probabilities.length; i++) {
            if (probabilities[i] >= least && probabilities[i] > 0) {
                mass += probabilities[i] / sum;
                last = i;
                if (uniform < mass) {
                    return i;
                }
            }
        }
        return last;
        // ---
    }
}
