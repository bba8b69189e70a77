package gradus.train.preference;

import static gradus.error.ConfigException.require;

import gradus.tensor.random.Rng;

/// Pairs of answers with a known truth: each of A answers has a score, and of two different ones, drawn by
/// chance, i is chosen with probability `σ(s_i - s_j)` (Bradley & Terry 1952). Id 0 is the prompt, answer i is
/// the id `2 + i`, and id 1 closes it.
public final class BradleyTerryPairs {
    private final double[] scores;
    private final Rng rng;

    /// @param answers A, at least 2
    /// @param spread  the deviation of the scores, which are normal with mean 0
    /// @throws gradus.error.ConfigException if a number is out of range
    public BradleyTerryPairs(int answers, double spread, long seed) {
        require(answers >= 2, "there must be at least 2 answers; got %d", answers);
        require(spread >= 0 && Double.isFinite(spread), "the scores' spread must be at least 0; got %s", spread);
        this.rng = Rng.of(seed);
        this.scores = new double[answers];
        for (int i = 0; i < answers; i++) {
            scores[i] = spread * rng.at("scores").gaussian(i);
        }
    }

    /// Whether the first of two answers is chosen, which it is with probability `σ(s_1 - s_2)`.
    ///
    /// @param uniform a number that was drawn from [0, 1)
    public static boolean firstWins(double first, double second, double uniform) {
        return uniform < 1 / (1 + Math.exp(second - first));
    }

    /// The true score of each answer.
    public double[] scores() {
        return scores.clone();
    }

    /// How many ids there are.
    public int vocabSize() {
        return scores.length + 2;
    }

    /// The ids of a prompt and an answer.
    public int[] ids(int answer) {
        return new int[] {0, 2 + answer, 1};
    }

    /// Pairs number 0 to count - 1 of a part, such as `train`: each number of a part always has the same pair.
    public PreferencePairs pairs(String part, int count) {
        PreferencePairs pairs = new PreferencePairs();
        for (int n = 0; n < count; n++) {
            Rng draws = rng.at(part).at(n);
            int i = draws.index(0, scores.length);
            int j = (i + 1 + draws.index(1, scores.length - 1)) % scores.length;
            boolean first = firstWins(scores[i], scores[j], draws.uniform(2));
            pairs.add(new int[] {0}, new int[] {2 + (first ? i : j), 1}, new int[] {2 + (first ? j : i), 1});
        }
        return pairs;
    }
}
