package gradus.lessons.decoding;

import java.util.Arrays;

/// One round of speculative decoding.
public final class SpeculativeRound {
    private SpeculativeRound() {}

    /// A small model, the draft, has written γ tokens, each drawn from its distribution q. The large one has
    /// read them all in one pass, and says for each place, and for the one behind, what its own distribution p
    /// is. Place by place:
    ///
    /// - the token x that was drafted is **accepted** if `u < p(x) / q(x)`, where u is a random number of that
    ///   place;
    /// - if it is not, the token is drawn from what is left of p, `max(0, p − q) / Σ max(0, p − q)`, and the
    ///   round **ends**: what was drafted behind it is thrown away;
    /// - if all γ are accepted, one more token is drawn from the last p.
    ///
    /// So the tokens have the distribution of the large model, exactly. The one token that the round draws, it
    /// draws with the random number v, by `pick`.
    ///
    /// **Shapes** p (γ + 1, V), q (γ, V), drafted (γ), u (γ) → at least 1, at most γ + 1
    ///
    /// @param drafted q of each is above 0
    /// @param u       from 0 to 1, without 1
    /// @param v       from 0 to 1, without 1
    /// @return the tokens that were accepted, and the one that was drawn
    public static int[] tokens(double[][] p, double[][] q, int[] drafted, double[] u, double v) {
        // --- your answer
        for (int i = 0; i < drafted.length; i++) {
            int x = drafted[i];
            if (u[i] * q[i][x] >= p[i][x]) {
                double[] left = new double[p[i].length];
                double sum = 0;
                for (int y = 0; y < left.length; y++) {
                    left[y] = Math.max(0, p[i][y] - q[i][y]);
                    sum += left[y];
                }
                for (int y = 0; y < left.length; y++) {
                    left[y] /= sum;
                }
                int[] tokens = Arrays.copyOf(drafted, i + 1);
                tokens[i] = pick(left, v);
                return tokens;
            }
        }
        int[] tokens = Arrays.copyOf(drafted, drafted.length + 1);
        tokens[drafted.length] = pick(p[drafted.length], v);
        return tokens;
        // ---
    }

    /// Given: the token that v draws from a distribution, the first at which the sum of the probabilities
    /// exceeds v.
    private static int pick(double[] distribution, double v) {
        double sum = 0;
        for (int x = 0; x < distribution.length; x++) {
            sum += distribution[x];
            if (v < sum) {
                return x;
            }
        }
        return distribution.length - 1;
    }
}
