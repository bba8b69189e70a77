package gradus.train.generate;

import static gradus.error.ConfigException.require;

import gradus.error.NumericException;
import java.util.Arrays;

/// How the next token is picked from logits: in this order the repetition penalty, the temperature, top-k,
/// top-p and min-p make a distribution, and a uniform number picks from it.
///
/// Top-k: Fan et al. 2018, arXiv:1805.04833. Top-p (nucleus): Holtzman et al. 2019, arXiv:1904.09751. Min-p:
/// Nguyen et al. 2024, arXiv:2407.01082. Repetition penalty: Keskar et al. 2019, arXiv:1909.05858.
///
/// @param temperature       divides the logits; below 1, likely tokens become more likely; 0 always takes the
///                          likeliest
/// @param topK              keeps the k likeliest tokens and those as likely as the k-th; 0 keeps all
/// @param topP              keeps the likeliest tokens until the sum of their probabilities exceeds p; 1 keeps
///                          all
/// @param minP              keeps tokens at least p times as likely as the likeliest; 0 keeps all
/// @param repetitionPenalty makes tokens that are already in the text less likely; 1 changes nothing
public record Sampling(double temperature, int topK, double topP, double minP, double repetitionPenalty) {

    /// @throws gradus.error.ConfigException if a value is out of range
    public Sampling {
        require(
                temperature >= 0 && Double.isFinite(temperature),
                "temperature must be a number of at least 0 (0 is greedy); got %s",
                temperature);
        require(topK >= 0, "topK must be at least 1, or 0 for all; got %d", topK);
        require(topP > 0 && topP <= 1, "topP must be in (0, 1]; got %s", topP);
        require(minP >= 0 && minP <= 1, "minP must be in [0, 1]; got %s", minP);
        require(
                repetitionPenalty > 0 && Double.isFinite(repetitionPenalty),
                "repetitionPenalty must be a number above 0; got %s",
                repetitionPenalty);
    }

    /// The model's own distribution.
    public static Sampling defaults() {
        return new Sampling(1, 0, 1, 0, 1);
    }

    /// Always the likeliest token.
    public static Sampling greedy() {
        return defaults().withTemperature(0);
    }

    public Sampling withTemperature(double temperature) {
        return new Sampling(temperature, topK, topP, minP, repetitionPenalty);
    }

    public Sampling withTopK(int topK) {
        return new Sampling(temperature, topK, topP, minP, repetitionPenalty);
    }

    public Sampling withTopP(double topP) {
        return new Sampling(temperature, topK, topP, minP, repetitionPenalty);
    }

    public Sampling withMinP(double minP) {
        return new Sampling(temperature, topK, topP, minP, repetitionPenalty);
    }

    public Sampling withRepetitionPenalty(double repetitionPenalty) {
        return new Sampling(temperature, topK, topP, minP, repetitionPenalty);
    }

    /// The probability of each token.
    ///
    /// @param logits one for each token
    /// @param seen   the tokens that are already in the text, for the repetition penalty
    /// @throws NumericException if a logit is NaN or +∞, or all are -∞
    public double[] distribution(double[] logits, int[] seen) {
        int likeliest = requireUsable(logits);
        double[] from = logits;
        if (repetitionPenalty != 1) {
            from = penalised(logits, seen);
            likeliest = argmax(from);
        }
        double[] x = new double[logits.length];
        if (temperature == 0) {
            x[likeliest] = 1;
            return x;
        }
        double largest = from[likeliest];
        for (int i = 0; i < x.length; i++) {
            x[i] = (from[i] - largest) / temperature; // the largest is 0: no temperature makes an infinity of it
        }
        if (topK > 0 && topK < x.length) {
            keepTopK(x);
        }
        for (int i = 0; i < x.length; i++) {
            x[i] = Math.exp(x[i]);
        }
        normalise(x);
        if (topP < 1 || minP > 0) {
            if (topP < 1) {
                keepTopP(x);
            }
            if (minP > 0) {
                keepMinP(x, x[likeliest]);
            }
            normalise(x);
        }
        return x;
    }

    /// The token that a uniform random number in [0, 1) selects.
    public static int pick(double[] distribution, double uniform) {
        double mass = 0;
        int last = 0;
        for (int i = 0; i < distribution.length; i++) {
            if (distribution[i] > 0) {
                mass += distribution[i];
                last = i;
                if (uniform < mass) {
                    return i;
                }
            }
        }
        return last; // rounding can make the sum of the probabilities slightly less than 1
    }

    /// `θ·x` below 0 and `x/θ` above, once for each token that was seen.
    private double[] penalised(double[] logits, int[] seen) {
        double[] x = logits.clone();
        boolean[] done = new boolean[x.length];
        for (int id : seen) {
            if (!done[id]) {
                done[id] = true;
                x[id] = x[id] < 0 ? x[id] * repetitionPenalty : x[id] / repetitionPenalty;
            }
        }
        return x;
    }

    /// Drops what is below the k-th largest; ties with it stay.
    private void keepTopK(double[] x) {
        double[] sorted = x.clone();
        Arrays.sort(sorted);
        double kth = sorted[sorted.length - topK];
        for (int i = 0; i < x.length; i++) {
            if (x[i] < kth) {
                x[i] = Double.NEGATIVE_INFINITY;
            }
        }
    }

    /// Keeps a token if the tokens before it have a total probability of at most p. Tokens are ordered by
    /// probability, and equal ones by their number, so the likeliest token is always kept.
    private void keepTopP(double[] p) {
        Integer[] order = new Integer[p.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, (a, b) -> Double.compare(p[b], p[a])); // stable
        double before = 0;
        for (int i : order) {
            double own = p[i];
            if (before > topP) {
                p[i] = 0;
            }
            before += own;
        }
    }

    /// Keeps a token if it is at least minP times as likely as the likeliest token.
    private void keepMinP(double[] p, double largest) {
        for (int i = 0; i < p.length; i++) {
            if (p[i] < minP * largest) {
                p[i] = 0;
            }
        }
    }

    private static void normalise(double[] p) {
        double sum = 0;
        for (double each : p) {
            sum += each;
        }
        for (int i = 0; i < p.length; i++) {
            p[i] /= sum;
        }
    }

    private static int requireUsable(double[] logits) {
        for (int i = 0; i < logits.length; i++) {
            if (Double.isNaN(logits[i]) || logits[i] == Double.POSITIVE_INFINITY) {
                throw new NumericException("sampling: the logit of token %s is %s".formatted(i, logits[i]));
            }
        }
        int likeliest = argmax(logits);
        if (logits[likeliest] == Double.NEGATIVE_INFINITY) {
            throw new NumericException("sampling: every logit is -Infinity, so no token can follow");
        }
        return likeliest;
    }

    /// The first of the largest.
    private static int argmax(double[] x) {
        int best = 0;
        for (int i = 1; i < x.length; i++) {
            if (x[i] > x[best]) {
                best = i;
            }
        }
        return best;
    }
}
