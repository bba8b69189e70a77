package gradus.lessons.lab.prompt.sum;

import java.util.Arrays;

/// How likely a majority of votes is right, where every vote is drawn from the same answers. With the counts
/// `(c₁, …, c_K)` of K answers and p their probabilities,
///
/// `P(right) = Σ_c n!/Πcⱼ! · Πpⱼ^cⱼ · [c_right is largest] / (how many are that large)`:
///
/// of equal counts the answer that came first wins, and which one that is, is up to chance. What the p lack to
/// 1 are votes for nothing. As n grows, the chance goes to 1 where the right answer is the likeliest and to 0
/// where another one is: so voting has a limit, the share of questions whose likeliest answer is right.
final class VoteChance {
    private static final double ROUNDING = 1e-9; // of equal shares that were added up

    private final double[] p; // of the other answers
    private final double right;
    private final double nothing;
    private final double[] logFactorial;

    private VoteChance(double right, double[] p, double nothing, int n) {
        this.right = right;
        this.p = p;
        this.nothing = nothing;
        this.logFactorial = new double[n + 1];
        for (int i = 1; i <= n; i++) {
            logFactorial[i] = logFactorial[i - 1] + Math.log(i);
        }
    }

    /// The chance for n votes.
    ///
    /// @param p     probabilities of the answers; what they lack to 1 are votes for nothing
    /// @param right which of them is right, or -1 where none of them is
    static double of(double[] p, int right, int n) {
        if (right < 0) {
            return 0;
        }
        double[] others = new double[p.length - 1];
        double sum = 0;
        for (int i = 0; i < p.length; i++) {
            sum += p[i];
            if (i != right) {
                others[i < right ? i : i - 1] = p[i];
            }
        }
        return new VoteChance(p[right], others, Math.max(0, 1 - sum), n).sum(n);
    }

    /// What [#of] comes near as n grows: 1 where the right answer is the likeliest, shared with those that are as
    /// likely.
    static double limit(double[] p, int right) {
        double most = right < 0 ? 0 : p[right];
        if (most == 0 || Arrays.stream(p).anyMatch(each -> each > most + ROUNDING)) {
            return 0;
        }
        return 1.0 / Arrays.stream(p).filter(each -> each >= most - ROUNDING).count();
    }

    private double sum(int n) {
        double sum = 0;
        for (int k = 1; k <= n; k++) {
            sum += others(0, n - k, k, 1, logFactorial[n] + term(right, k));
        }
        return sum;
    }

    /// @param from the answers from this one on
    /// @param left votes that are left for them
    /// @param most that one may have
    /// @param ties answers with that many, the right one included
    /// @param log  of the product so far
    private double others(int from, int left, int most, int ties, double log) {
        if (log == Double.NEGATIVE_INFINITY) {
            return 0;
        }
        if (from == p.length) {
            return Math.exp(log + term(nothing, left)) / ties;
        }
        double sum = 0;
        for (int c = 0; c <= Math.min(left, most); c++) {
            sum += others(from + 1, left - c, most, ties + (c == most ? 1 : 0), log + term(p[from], c));
        }
        return sum;
    }

    /// `log(p^c / c!)`
    private double term(double chance, int c) {
        return c == 0 ? 0 : c * Math.log(chance) - logFactorial[c];
    }
}
