package gradus.lessons.votes;

import gradus.lessons.learn.exercise.Exercise;

final class MajorityOddsExercise {
    private static final String ADD = "odds += 2 * k == n ? Math.exp(log) / 2 : Math.exp(log);";
    private static final String STEP = "log += Math.log((n - k) / (k + 1.0) * p / (1 - p));";
    private static final String RETURN = "return odds;";

    private MajorityOddsExercise() {}

    static Exercise exercise() {
        return Exercise.of(MajorityOdds.class, "How often the vote is right")
                .tolerance(1e-6)
                .probe("one chain", "p", t -> t.call(0.6, 1))
                .probe(
                        "two chains",
                        "both right 0.36; a tie 2·0.6·0.4 = 0.48, of which half counts: 0.6",
                        t -> t.call(0.6, 2))
                .probe(
                        "three chains",
                        "all right 0.216; two of three 3·0.36·0.4 = 0.432: together 0.648",
                        t -> t.call(0.6, 3))
                .probe(
                        "four chains, mostly wrong",
                        "p⁴ + 4·p³·q + 6·p²·q²/2 for p = 0.25, q = 0.75: 0.15625, less than p",
                        t -> t.call(0.25, 4))
                .probe("as often right as wrong", "1/2, whatever n is", t -> t.call(0.5, 7))
                .probe("forty chains", "the limit is 1", t -> t.call(0.7, 40))
                .probe("forty-one chains, a little better than chance", "", t -> t.call(0.55, 41))
                .probe("a hundred and one", "C(101, 50) is above the largest long", t -> t.call(0.45, 101))
                .probe("a thousand and one", "0.4¹⁰⁰¹ is below the smallest double", t -> t.call(0.53, 1001))
                .probe(
                        "a drawn probability",
                        "",
                        t -> t.call(0.3 + 0.4 * t.next().uniform(1), 12))
                .bug("A tie counts in full for the right answer", ADD, "odds += Math.exp(log);")
                .bug("A tie counts for nothing", "2 * k >= n", "2 * k > n")
                .bug(
                        "C(n, k) is missing: each number of right chains can come about in many ways",
                        "(n - k) / (k + 1.0) * p / (1 - p)",
                        "p / (1 - p)")
                .bug("p and 1 − p are exchanged: it is how often the wrong answer wins", RETURN, "return 1 - odds;")
                .bug(
                        "It is how often at least one chain is right: a vote does not know which one",
                        RETURN,
                        "return 1 - Math.pow(1 - p, n);")
                .bug("All chains must be right", "2 * k >= n", "k == n")
                .bug(
                        "Only the smallest majority counts, not the larger ones",
                        "2 * k >= n",
                        "k == n / 2 + 1 || 2 * k == n")
                .bug("The term with all chains right is left out", "k <= n; k++", "k < n; k++")
                .bug(
                        "C(n, k) grows by (n − k)/k, not (n − k)/(k + 1), from one term to the next",
                        "(n - k) / (k + 1.0)",
                        "(n - k) / Math.max(k, 1.0)")
                .bug(
                        "The first term, (1 − p)ⁿ, is rounded to 0 for a large n, and all terms after it",
                        RETURN,
                        "return Math.pow(1 - p, n) == 0 ? 0 : odds;")
                .bug(
                        "C(n, k) is a whole number of 64 bits, which is too small from about n = 67",
                        STEP,
                        "long choose = 1; for (int i = 0; i <= k; i++) { choose = choose * (n - i) / (i + 1); } log ="
                                + " Math.log(choose) + (k + 1) * Math.log(p) + (n - k - 1) * Math.log(1 - p);")
                .bug(
                        "The limit is taken for the odds: 1 above one half, 0 below",
                        RETURN,
                        "return p == 0.5 ? p : p > 0.5 ? 1 : 0;")
                .variant("chain by chain", """
                        double[] odds = new double[n + 1]; // that k of the chains so far are right
                        odds[0] = 1;
                        for (int chains = 1; chains <= n; chains++) {
                            for (int k = chains; k >= 0; k--) {
                                odds[k] = odds[k] * (1 - p) + (k > 0 ? odds[k - 1] * p : 0);
                            }
                        }
                        double sum = n % 2 == 0 ? odds[n / 2] / 2 : 0;
                        for (int k = n / 2 + 1; k <= n; k++) {
                            sum += odds[k];
                        }
                        return sum;
                        """)
                .variant("logarithms of factorials", """
                        double[] factorial = new double[n + 1];
                        for (int k = 1; k <= n; k++) {
                            factorial[k] = factorial[k - 1] + Math.log(k);
                        }
                        double sum = 0;
                        for (int k = n; 2 * k >= n; k--) {
                            double term = Math.exp(factorial[n] - factorial[k] - factorial[n - k]
                                    + k * Math.log(p) + (n - k) * Math.log(1 - p));
                            sum += 2 * k > n ? term : 0.5 * term;
                        }
                        return sum;
                        """)
                .hints(
                        "How many of n chains must be right for the right answer to win? What if n is even?",
                        "Add logarithms and take exp of each term; or follow, chain by chain, how probable each"
                                + " number of right"
                                + " chains is.",
                        "ln of the term for k = 0 is n·ln(1 − p); to the next one add ln((n − k)/(k + 1)·p/(1 − p)).")
                .reading("The section \"How far it goes\" of this lesson; Condorcet 1785");
    }
}
