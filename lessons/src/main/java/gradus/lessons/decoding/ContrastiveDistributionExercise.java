package gradus.lessons.decoding;

import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Trial;
import java.util.Arrays;

final class ContrastiveDistributionExercise {
    private static final String ENOUGH = "expert[x] - most >= Math.log(alpha)";
    private static final String SCORE = "enough ? expert[x] - amateur[x] : Double.NEGATIVE_INFINITY";

    private ContrastiveDistributionExercise() {}

    static Exercise exercise() {
        return Exercise.of(ContrastiveDistribution.class, "Contrastive decoding")
                .forbid("ContrastiveGenerator", "softmax", "logSoftmax")
                .tolerance(1e-6)
                .probe(
                        "two tokens",
                        "p/r = 0.6/0.3 = 2 and 0.4/0.7 = 4/7; divided by their sum 18/7: 7/9 and 2/9",
                        t -> call(t, 0.1, row(0.6, 0.4), row(0.3, 0.7)))
                .probe(
                        "a token that both find absurd",
                        "p/r = 10 for token 2, but 0.01 is less than 0.1·0.6; the others have 0.6/0.5 and 0.39/0.499",
                        t -> call(t, 0.1, row(0.6, 0.39, 0.01), row(0.5, 0.499, 0.001)))
                .probe(
                        "just enough",
                        "with α = 1 the two largest are both as large as the largest: 1/0.5 against 1/0.25",
                        t -> t.call(row(2, 2, 1), logs(row(0.5, 0.25, 0.25)), 1.0))
                .probe(
                        "α = 0.5",
                        "0.5·0.5 = 0.25: 0.3 is enough, 0.2 is not",
                        t -> call(t, 0.5, row(0.5, 0.3, 0.2), row(0.25, 0.25, 0.5)))
                .probe(
                        "two models that agree",
                        "every token that is probable enough has the same score",
                        t -> call(t, 0.3, row(0.5, 0.3, 0.15, 0.05), row(0.5, 0.3, 0.15, 0.05)))
                .probe(
                        "an amateur that is sure",
                        "what is dull for the amateur gets little: 0.6/0.98 against 0.4/0.02",
                        t -> call(t, 0.25, row(0.6, 0.4), row(0.98, 0.02)))
                .probe(
                        "logits near a thousand",
                        "only differences count: scores 2000 and 1999 for the first two, and −∞ for the third",
                        t -> t.call(row(1000, 1000, 200), row(-1000, -999, -2000), 0.1))
                .probe(
                        "logits near minus a thousand",
                        "-2000 and -2001 for the first two; the third would have -1800, but is not probable enough",
                        t -> t.call(row(-1000, -1000, -1800), row(1000, 1001, 0), 0.1))
                .probe("five drawn tokens", "", t -> t.call(t.normals(5), t.normals(5), 0.1))
                .probe("twenty drawn tokens", "", t -> t.call(t.normals(20), t.normals(20), 0.2))
                .bug(
                        "Every token takes part: one that both find absurd wins where the amateur finds it more absurd",
                        ENOUGH,
                        "expert[x] - most >= -1e6")
                .bug(
                        "The amateur says which tokens are probable enough",
                        ENOUGH,
                        "amateur[x] - Arrays.stream(amateur).max().orElseThrow() >= Math.log(alpha)")
                .bug(
                        "α is compared with p itself, not with a part of the largest p",
                        ENOUGH,
                        "expert[x] - most - Math.log(Arrays.stream(expert).map(e -> Math.exp(e - most)).sum())"
                                + " >= Math.log(alpha)")
                .bug(
                        "α is a difference of logits, not a part of the largest probability",
                        ENOUGH,
                        "expert[x] - most >= -alpha")
                .bug(
                        "A token that is just probable enough is left out: ≥, not >",
                        ENOUGH,
                        "expert[x] - most > Math.log(alpha)")
                .bug(
                        "Tokens that are not probable enough have the score 0, not −∞: that is the score of"
                                + " what both find alike",
                        SCORE,
                        "enough ? expert[x] - amateur[x] : 0")
                .bug(
                        "The tokens that are probable enough are left out, except the most probable one",
                        SCORE,
                        "enough && most > expert[x] ? Double.NEGATIVE_INFINITY : expert[x] - amateur[x]")
                .bug(
                        "The amateur is added: what is dull is drawn more often",
                        "expert[x] - amateur[x] :",
                        "expert[x] + amateur[x] :")
                .bug(
                        "The signs are exchanged: what the amateur likes is drawn",
                        "expert[x] - amateur[x] :",
                        "amateur[x] - expert[x] :")
                .bug(
                        "The amateur is left out: these are the expert's own probable tokens",
                        "expert[x] - amateur[x] :",
                        "expert[x] :")
                .bug(
                        "It is the difference of the probabilities, not of their logarithms",
                        SCORE,
                        "enough ? Math.exp(expert[x] - most) / Arrays.stream(expert).map(e -> Math.exp(e -"
                                + " most)).sum() - Math.exp(amateur[x] -"
                                + " Arrays.stream(amateur).max().orElseThrow()) / Arrays.stream(amateur).map(e"
                                + " -> Math.exp(e - Arrays.stream(amateur).max().orElseThrow())).sum() :"
                                + " Double.NEGATIVE_INFINITY")
                .bug(
                        "exp of the scores overflows: their largest is not taken away",
                        "Math.exp(s - best)",
                        "Math.exp(s)")
                .bug(
                        "exp of the logits overflows: the expert's largest is not taken away",
                        ENOUGH,
                        "Math.exp(expert[x]) >= alpha * Math.exp(most)")
                .bug("The powers are not divided by their sum", "power / sum", "power")
                .bug("The best token gets 1, the others 0", "power / sum", "power == 1 ? 1.0 : 0.0")
                .variant("with both logarithms of softmax", """
                        double[] good = logSoftmaxOf(expert);
                        double[] poor = logSoftmaxOf(amateur);
                        double largest = Arrays.stream(good).max().orElseThrow();
                        double[] scores = new double[good.length];
                        Arrays.fill(scores, Double.NEGATIVE_INFINITY);
                        for (int x = 0; x < scores.length; x++) {
                            if (good[x] >= Math.log(alpha) + largest) {
                                scores[x] = good[x] - poor[x];
                            }
                        }
                        return Arrays.stream(logSoftmaxOf(scores)).map(Math::exp).toArray();
                    }

                    private static double[] logSoftmaxOf(double[] logits) {
                        double largest = Arrays.stream(logits).max().orElseThrow();
                        double sum = 0;
                        for (double logit : logits) {
                            sum += Math.exp(logit - largest);
                        }
                        double log = Math.log(sum) + largest;
                        return Arrays.stream(logits).map(logit -> logit - log).toArray();
                        """)
                .variant("by probabilities of the expert", """
                        double most = Arrays.stream(expert).max().orElseThrow();
                        double best = Double.NEGATIVE_INFINITY;
                        for (int x = 0; x < expert.length; x++) {
                            if (Math.exp(expert[x] - most) >= alpha) {
                                best = Math.max(best, expert[x] - amateur[x]);
                            }
                        }
                        double[] result = new double[expert.length];
                        double sum = 0;
                        for (int x = 0; x < expert.length; x++) {
                            if (Math.exp(expert[x] - most) >= alpha) {
                                result[x] = Math.exp(expert[x] - amateur[x] - best);
                            }
                            sum += result[x];
                        }
                        for (int x = 0; x < expert.length; x++) {
                            result[x] /= sum;
                        }
                        return result;
                        """)
                .hints(
                        "Which tokens take part at all? Only the expert is asked.",
                        "ln p(x) − ln max p is the difference of two logits of the expert. And a number that is"
                                + " taken away from"
                                + " all scores alike changes no softmax.",
                        "enough if expert[x] − max ≥ Math.log(alpha); score expert[x] − amateur[x]; then a"
                                + " softmax that takes the"
                                + " largest score away first.")
                .reading("The section \"Two models, one difference\" of this lesson; Li et al. 2022");
    }

    /// @param p the expert's probabilities
    /// @param r the amateur's
    private static Object call(Trial t, double alpha, double[] p, double[] r) {
        return t.call(logs(p), logs(r), alpha);
    }

    private static double[] logs(double... probabilities) {
        return Arrays.stream(probabilities).map(Math::log).toArray();
    }

    private static double[] row(double... values) {
        return values;
    }
}
