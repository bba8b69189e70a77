package gradus.lessons.lab.hallucination;

import gradus.tensor.random.Rng;
import java.util.Arrays;

/// How often facts are told: fact i of N with probability proportional to `(i + 1)^(−s)`, so that many are told
/// once or never where N is large and s small.
///
/// @param facts    N
/// @param exponent s, at least 0
record RepetitionProfile(int facts, double exponent) {
    /// The share of facts seen once falls from one to the next.
    static RepetitionProfile[] five(int draws) {
        return new RepetitionProfile[] {
            new RepetitionProfile(2 * draws, 0),
            new RepetitionProfile(2 * draws, 0.7),
            new RepetitionProfile(draws, 1),
            new RepetitionProfile(draws / 2, 1.3),
            new RepetitionProfile(Math.max(2, draws / 12), 0)
        };
    }

    /// The probability of each fact.
    ///
    /// **Shapes** → (N)
    double[] probabilities() {
        double[] p = new double[facts];
        Arrays.setAll(p, i -> Math.pow(i + 1, -exponent));
        double sum = Arrays.stream(p).sum();
        Arrays.setAll(p, i -> p[i] / sum);
        return p;
    }

    /// Facts that are drawn, one after the other.
    int[] draw(int draws, Rng rng) {
        double[] cumulative = probabilities();
        Arrays.parallelPrefix(cumulative, Double::sum);
        int[] drawn = new int[draws];
        for (int i = 0; i < draws; i++) {
            int at = Arrays.binarySearch(cumulative, rng.uniform(i) * cumulative[facts - 1]);
            drawn[i] = Math.min(facts - 1, at < 0 ? -at - 1 : at);
        }
        return drawn;
    }
}
