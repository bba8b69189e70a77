package gradus.lessons.lab.align.proxy;

import static gradus.error.ConfigException.require;

import java.util.Arrays;
import java.util.Comparator;

/// What best-of-n draws, exactly, by order statistics: with F(s) the probability that one answer has at most the
/// score s, the best of n has at most s with probability Fⁿ. So an answer, or all that share its score, is the
/// best with probability `F(s)ⁿ - F(s-)ⁿ`; those that share it, in proportion to their own probabilities.
final class BestDistribution {
    private BestDistribution() {}

    /// The probability of each answer to be the one that is kept.
    ///
    /// @param probs  of the policy that is drawn from
    /// @param scores by which the best is chosen
    /// @param n      how many are drawn
    static double[] of(double[] probs, double[] scores, long n) {
        require(n >= 1, "best of n: n must be at least 1; got %d", n);
        Integer[] order = new Integer[probs.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, Comparator.comparingDouble(i -> scores[i]));
        double[] best = new double[probs.length];
        double total = Arrays.stream(probs).sum(); // 1 but for rounding
        double below = 0;
        for (int from = 0, to; from < order.length; from = to) {
            double own = 0;
            for (to = from; to < order.length && scores[order[to]] == scores[order[from]]; to++) {
                own += probs[order[to]];
            }
            double upTo = to == order.length ? total : Math.min(total, below + own);
            double chance = Math.pow(upTo / total, n) - Math.pow(below / total, n);
            for (int i = from; i < to; i++) {
                best[order[i]] = own == 0 ? 0 : chance * probs[order[i]] / own;
            }
            below = upTo;
        }
        return best;
    }
}
