package gradus.lessons.sampling;

import java.util.Arrays;

/// From logits to the probabilities from which the next token is drawn.
public final class TopKDistribution {
    private TopKDistribution() {}

    /// Divides the logits by the temperature, keeps the k largest and those equal to the k-th largest, and
    /// makes probabilities of what is kept by softmax; all others get 0. So more than k stay where several
    /// are equal to the k-th. If k is larger than the number of tokens, all stay.
    ///
    /// At temperature 0 the largest logit gets 1 and all others 0; if several are the largest, the first of
    /// them. Logits may be as large as ±1,000 or -∞, and temperatures as small as 0.01; at least one logit is
    /// finite, and none is +∞ or NaN.
    ///
    /// @param temperature at least 0
    /// @param k           at least 1
    public static double[] distribution(double[] logits, double temperature, int k) {
        // --- your answer
        double[] sorted = logits.clone();
        Arrays.sort(sorted);
        double largest = sorted[sorted.length - 1];
        double least = sorted[Math.max(0, sorted.length - k)];
        double[] p = new double[logits.length];
        double sum = 0;
        for (int i = 0; i < p.length; i++) {
            if (temperature == 0) {
                p[i] = logits[i] == largest && sum == 0 ? 1 : 0;
            } else if (logits[i] >= least) {
                p[i] = Math.exp((logits[i] - largest) / temperature);
            }
            sum += p[i];
        }
        for (int i = 0; i < p.length; i++) {
            p[i] /= sum;
        }
        return p;
        // ---
    }
}
