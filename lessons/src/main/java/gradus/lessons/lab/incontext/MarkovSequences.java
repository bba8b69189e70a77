package gradus.lessons.lab.incontext;

import static gradus.error.ConfigException.require;

import gradus.tensor.random.Rng;
import java.util.Arrays;

/// Sequences of which each has a Markov chain of its own. Every row of a chain's transition matrix is drawn
/// from the flat Dirichlet distribution, and the first token evenly, as in Edelman et al. 2024, *The Evolution
/// of Statistical Induction Heads: In-Context Learning Markov Chains*, arXiv:2402.11004; there the first token
/// comes from the stationary distribution, which would tell a little of the chain and leave the best predictor
/// without a formula.
///
/// @param states      k, how many tokens there are
/// @param length      T of a sequence
/// @param independent whether all rows of a matrix are the same: then the tokens do not depend on each other
public record MarkovSequences(int states, int length, boolean independent) {
    /// @throws gradus.error.ConfigException unless there are 2 states and 3 tokens at least
    public MarkovSequences {
        require(
                states >= 2 && length >= 3,
                "there must be at least 2 states and 3 tokens; got %d and %d",
                states,
                length);
    }

    /// A transition matrix.
    ///
    /// **Shapes** → (k, k), each row sums to 1
    double[][] chain(Rng rng) {
        double[][] rows = new double[states][];
        for (int i = 0; i < states; i++) {
            rows[i] = independent && i > 0 ? rows[0] : dirichlet(rng.at(i));
        }
        return rows;
    }

    /// `Dirichlet(1, …, 1)`: exponentials over their sum.
    private double[] dirichlet(Rng rng) {
        double[] p = new double[states];
        for (int j = 0; j < states; j++) {
            p[j] = -Math.log(1 - rng.uniform(j));
        }
        double sum = Arrays.stream(p).sum();
        for (int j = 0; j < states; j++) {
            p[j] /= sum;
        }
        return p;
    }

    /// A sequence of a chain of its own.
    ///
    /// **Shapes** → (T)
    int[] draw(Rng rng) {
        double[][] chain = chain(rng.at("chain"));
        Rng tokens = rng.at("tokens");
        int[] drawn = new int[length];
        drawn[0] = tokens.index(0, states);
        for (int t = 1; t < length; t++) {
            drawn[t] = pick(chain[drawn[t - 1]], tokens.uniform(t));
        }
        return drawn;
    }

    private static int pick(double[] p, double uniform) {
        double sum = 0;
        for (int j = 0; j < p.length - 1; j++) {
            sum += p[j];
            if (uniform < sum) {
                return j;
            }
        }
        return p.length - 1;
    }

    /// Several sequences.
    ///
    /// **Shapes** → (count, T)
    int[][] draw(int count, Rng rng) {
        int[][] all = new int[count][];
        for (int i = 0; i < count; i++) {
            all[i] = draw(rng.at(i));
        }
        return all;
    }
}
