package gradus.lessons.votes;

/// How often a vote is right.
public final class MajorityOdds {
    private MajorityOdds() {}

    /// The probability that the right answer wins the vote of n chains, if each chain is right with the
    /// probability p, whatever the others are, and all that are wrong come to one and the same wrong answer:
    ///
    /// `Σ over k > n/2 of C(n, k)·pᵏ·(1 − p)ⁿ⁻ᵏ`, with `C(n, k) = n! / (k!·(n − k)!)`
    ///
    /// At a tie, with k = n/2, the right answer wins in **half** of the cases, and so a half of that term is
    /// added. n may be a thousand: C(n, k) is larger than any `double` then, and pᵏ·(1 − p)ⁿ⁻ᵏ may be smaller.
    ///
    /// @param p above 0 and below 1
    /// @param n at least 1
    public static double right(double p, int n) {
        // --- your answer
        double odds = 0;
        double log = n * Math.log(1 - p); // of the term for k
        for (int k = 0; k <= n; k++) {
            if (2 * k >= n) {
                odds += 2 * k == n ? Math.exp(log) / 2 : Math.exp(log);
            }
            log += Math.log((n - k) / (k + 1.0) * p / (1 - p));
        }
        return odds;
        // ---
    }
}
