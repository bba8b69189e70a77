package gradus.lessons.sampling;

import gradus.lessons.learn.exercise.Exercise;

final class TopKDistributionExercise {
    private static final double OUT = Double.NEGATIVE_INFINITY;
    private static final double LN2 = Math.log(2);

    private TopKDistributionExercise() {}

    static Exercise exercise() {
        return Exercise.of(TopKDistribution.class, "Temperature and top-k")
                .forbid("distribution")
                .tolerance(1e-9)
                .probe(
                        "two tokens, both kept",
                        "e^ln 2 = 2 against e⁰ = 1: 2/3 and 1/3",
                        t -> t.call(new double[] {LN2, 0}, 1.0, 2))
                .probe(
                        "half the temperature",
                        "the logits become twice as large: 4/5 and 1/5",
                        t -> t.call(new double[] {LN2, 0}, 0.5, 2))
                .probe(
                        "two of four",
                        "the two largest are 2/3 and 1/3 of what is left; the others are 0",
                        t -> t.call(new double[] {-1, LN2, -7, 0}, 1.0, 2))
                .probe(
                        "equal to the second",
                        "three stay for k = 2, because two share the second place: 2/4, 1/4, 1/4",
                        t -> t.call(new double[] {0, LN2, -1, 0}, 1.0, 2))
                .probe(
                        "temperature 0, and two largest",
                        "the first of the largest, token 1",
                        t -> t.call(new double[] {-5, 3, 3, 1}, 0.0, 3))
                .probe("temperature 0, all below zero", "token 2", t -> t.call(new double[] {-5, -3, -2}, 0.0, 1))
                .probe(
                        "logits of a thousand, a small temperature",
                        "exp(100000) is infinite: the largest must become 0 first; (999.99 - 1000)/0.01 = -1",
                        t -> t.call(new double[] {1000, 999.99, -1000}, 0.01, 3))
                .probe(
                        "far below zero",
                        "the largest becomes 0: 2/3 and 1/3",
                        t -> t.call(new double[] {-1000 + LN2, -1000}, 1.0, 5))
                .probe(
                        "tokens that cannot be drawn",
                        "e^-∞ = 0, also where k has room for it",
                        t -> t.call(new double[] {OUT, 0, OUT, LN2}, 1.0, 3))
                .probe("more places than tokens", "all stay", t -> t.call(new double[] {0, LN2, 0}, 1.0, 10))
                .probe("one token", "1", t -> t.call(new double[] {-4}, 2.0, 1))
                .probe("thirteen tokens, five kept", "", t -> t.call(t.normals(13), 0.7, 5))
                .probe("thirteen tokens, hot", "", t -> t.call(t.normals(13), 3.0, 12))
                .bug(
                        "The logits are multiplied by the temperature",
                        "- largest) / temperature)",
                        "- largest) * temperature)")
                .bug("The temperature is left out", "- largest) / temperature)", "- largest))")
                .bug(
                        "The largest logit is not subtracted, and exp overflows",
                        "(logits[i] - largest) / temperature",
                        "logits[i] / temperature")
                .bug("One token too many is kept", "sorted.length - k)", "sorted.length - 1 - k)")
                .bug(
                        "Tokens equal to the k-th are dropped with all below it",
                        "logits[i] >= least",
                        "logits[i] > least || k >= logits.length")
                .bug(
                        "The k smallest are kept, not the k largest",
                        "logits[i] >= least",
                        "logits[i] <= sorted[Math.min(k, sorted.length) - 1]")
                .bug(
                        "The probabilities are not made to add up to 1 after some were dropped",
                        "p[i] /= sum;",
                        "double all = 0;\nfor (double x : logits) { all += temperature == 0 ? 0 : Math.exp((x -"
                                + " largest) / temperature); }\n"
                                + "p[i] /= temperature == 0 ? 1 : all;")
                .bug(
                        "At temperature 0 all of the largest share the probability",
                        "logits[i] == largest && sum == 0 ? 1 : 0",
                        "logits[i] == largest ? 1 : 0")
                .bug("Temperature 0 divides by 0", "if (temperature == 0)", "if (temperature < 0)")
                .bug(
                        "Exactly k stay: of tokens equal to the k-th only the first ones are kept",
                        "logits[i] >= least",
                        "logits[i] > least || logits[i] == least && java.util.Arrays.stream(logits).filter(x -> x >"
                                + " least).count()"
                                + " + java.util.Arrays.stream(logits, 0, i).filter(x -> x == least).count() < k")
                .variant("by counting larger ones", """
                        int n = logits.length;
                        double[] p = new double[n];
                        int best = 0;
                        for (int i = 1; i < n; i++) {
                            best = logits[i] > logits[best] ? i : best;
                        }
                        if (temperature == 0) {
                            p[best] = 1;
                            return p;
                        }
                        double sum = 0;
                        for (int i = 0; i < n; i++) {
                            int larger = 0;
                            for (double other : logits) {
                                larger += other > logits[i] ? 1 : 0;
                            }
                            p[i] = larger < k ? Math.exp(logits[i] / temperature - logits[best] / temperature) : 0;
                            sum += p[i];
                        }
                        double all = sum;
                        java.util.Arrays.setAll(p, i -> p[i] / all);
                        return p;
                        """)
                .variant("dropped to -∞, then log-sum-exp", """
                        double[] x = logits.clone();
                        double kth = java.util.Arrays.stream(logits)
                                .boxed()
                                .sorted(java.util.Comparator.reverseOrder())
                                .limit(k)
                                .reduce((a, b) -> b)
                                .get();
                        double top = java.util.Arrays.stream(logits).max().getAsDouble();
                        if (temperature == 0) {
                            boolean found = false;
                            for (int i = 0; i < x.length; i++) {
                                x[i] = !found && logits[i] == top ? 1 : 0;
                                found |= x[i] == 1;
                            }
                            return x;
                        }
                        for (int i = 0; i < x.length; i++) {
                            x[i] = logits[i] < kth ? Double.NEGATIVE_INFINITY : (logits[i] - top) / temperature;
                        }
                        double log = Math.log(java.util.Arrays.stream(x).map(Math::exp).sum());
                        return java.util.Arrays.stream(x).map(each -> Math.exp(each - log)).toArray();
                        """)
                .hints(
                        "Which number must a logit reach to be kept? And what happens at temperature 0, where nothing"
                                + " can"
                                + " be divided?",
                        "Sort a copy: the k-th largest is sorted[length - k], if k is not larger than the length.",
                        "exp((logit - largest) / temperature) for those at least as large as the k-th, 0 for the"
                                + " others,"
                                + " and all divided by their sum.")
                .reading("The sections \"Temperature\" and \"Top-k\" of this lesson");
    }
}
