package gradus.lessons.grpo;

import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Trial;

final class KlEstimatesExercise {
    private static final String X = "double x = reference[i] - logProbs[i];";
    private static final String K1 = "k[0][i] = -x;";
    private static final String K2 = "k[1][i] = x * x / 2;";
    private static final String K3 = "Math.expm1(x) - x";

    private KlEstimatesExercise() {}

    static Exercise exercise() {
        return Exercise.of(KlEstimates.class, "Three estimates of a divergence")
                .forbid("KlEstimator")
                .tolerance(1e-9)
                .probe(
                        "a token that the policy finds twice as probable",
                        "x = -ln 2: k1 = 0.69315, k2 = 0.24023, k3 = 1/2 - 1 + 0.69315 = 0.19315",
                        t -> t.call(new double[] {Math.log(0.5)}, new double[] {Math.log(0.25)}))
                .probe(
                        "a token that it finds half as probable",
                        "x = ln 2: k1 = -0.69315 is negative, k2 is as before, k3 = 2 - 1 - 0.69315 = 0.30685",
                        t -> t.call(new double[] {Math.log(0.25)}, new double[] {Math.log(0.5)}))
                .probe(
                        "nothing has moved",
                        "x = 0, and so are all three; beside it x = 1: -1, 1/2, e - 2",
                        t -> t.call(new double[] {-3, -3}, new double[] {-3, -2}))
                .probe(
                        "far away",
                        "k1 = 5 and -5, k2 = 12.5 twice, k3 = 4.00674 and 142.41",
                        t -> t.call(new double[] {-1, -6}, new double[] {-6, -1}))
                .probe("eleven tokens", "", t -> of(t, 11, 0.4))
                .probe("thirty tokens, far away", "", t -> of(t, 30, 1.5))
                .bug(
                        "The ratio is upside down: x = ln π - ln ref changes k1 and k3",
                        X,
                        "double x = logProbs[i] - reference[i];")
                .bug("k1 has the wrong sign: its mean would be -KL", K1, "k[0][i] = x;")
                .bug("k1 is its magnitude: its mean is above KL", K1, "k[0][i] = Math.abs(x);")
                .bug("k1 is cut off at 0: its mean is above KL", K1, "k[0][i] = Math.max(0, -x);")
                .bug(
                        "k1 is weighed by the probability: the tokens are drawn with it already",
                        K1,
                        "k[0][i] = -x * Math.exp(logProbs[i]);")
                .bug("The half is missing in k2", K2, "k[1][i] = x * x;")
                .bug("The square is missing in k2", K2, "k[1][i] = x / 2;")
                .bug("k3 lacks the -1: it is 1 where nothing has moved", K3, "Math.exp(x) - x")
                .bug("k3 lacks the -x: it is negative for half of the tokens", K3, "Math.expm1(x)")
                .bug("k3 adds x", K3, "Math.expm1(x) + x")
                .bug("k3 has the other direction: its mean is not KL(π‖ref)", K3, "Math.expm1(-x) + x")
                .bug("k3 is weighed by the ratio: that estimates KL(ref‖π)", K3, "(Math.expm1(x) - x) * Math.exp(x)")
                .bug("Bits are taken for nats", X, "double x = (reference[i] - logProbs[i]) / Math.log(2);")
                .bug("k2 and k3 are exchanged", "return k;", "return new double[][] {k[0], k[2], k[1]};")
                .variant("by the ratio", """
                        int n = reference.length;
                        double[][] result = {new double[n], new double[n], new double[n]};
                        for (int i = n - 1; i >= 0; i--) {
                            double ratio = Math.exp(reference[i]) / Math.exp(logProbs[i]);
                            result[0][i] = -Math.log(ratio);
                            result[1][i] = Math.pow(Math.log(ratio), 2) * 0.5;
                            result[2][i] = ratio - 1 - Math.log(ratio);
                        }
                        return result;
                        """)
                .variant("one row after the other", """
                        double[] d = logProbs.clone();
                        java.util.Arrays.setAll(d, i -> logProbs[i] - reference[i]);
                        return new double[][] {
                            d,
                            java.util.Arrays.stream(d).map(x -> x * x / 2).toArray(),
                            java.util.Arrays.stream(d).map(x -> Math.exp(-x) - 1 + x).toArray()
                        };
                        """)
                .hints(
                        "Which of the three may be negative for a token? Compute them for x = 1 and for x = -1.",
                        "x is reference less policy; k1 has a minus, and k3 the exp of x itself.",
                        "x = reference[i] - logProbs[i]; -x, x * x / 2, Math.exp(x) - 1 - x.")
                .reading("The section \"How far it has moved\" of this lesson; Schulman 2020, \"Approximating KL"
                        + " divergence\"");
    }

    private static Object of(Trial t, int count, double apart) {
        double[] logProbs = t.uniform(count).sub(2.5).toArray();
        double[] reference = t.normals(count);
        for (int i = 0; i < count; i++) {
            reference[i] = logProbs[i] + apart * reference[i];
        }
        return t.call(logProbs, reference);
    }
}
