package gradus.lessons.bigram;

import gradus.lessons.learn.exercise.Bug;
import gradus.lessons.learn.exercise.Exercise;

final class BigramGradientExercise {
    private BigramGradientExercise() {}

    static Exercise exercise() {
        return Exercise.of(BigramGradient.class, "The gradient of a bigram model")
                .tolerance(1e-9)
                .probe(
                        "one pair, nothing learnt",
                        "p = 1/2, 1/2: row 0 gets 1/2 and 1/2 - 1 = -1/2, row 1 nothing",
                        t -> t.call(rows(row(0, 0), row(0, 0)), ints(0), ints(1)))
                .probe(
                        "two pairs",
                        "the mean of both: each row gets half",
                        t -> t.call(rows(row(0, 0), row(0, 0)), ints(0, 1), ints(1, 1)))
                .probe(
                        "one symbol followed by two others",
                        "row 0: (1/2 - 1 + 1/2) / 2 = 0, twice: as it is",
                        t -> t.call(rows(row(0, 0), row(0, 0)), ints(0, 0), ints(0, 1)))
                .probe(
                        "the same pair three times",
                        "p = 1/4, 3/4: three times a third of it",
                        t -> t.call(rows(row(5, 5), row(0, Math.log(3))), ints(1, 1, 1), ints(0, 0, 0)))
                .probe(
                        "scores of a thousand",
                        "exp(1000) is infinite; less 1000, the scores are 0, -1 and -2000",
                        t -> t.call(
                                rows(row(1000, 999, -1000), row(0, 0, 0), row(-1000, -999, -1001)),
                                ints(0, 2),
                                ints(1, 0)))
                .probe("random scores, many pairs", "", t -> t.call(t.normals(5, 5), t.ints(5, 17), t.ints(5, 17)))
                .probe("random scores, one pair", "", t -> t.call(t.normals(4, 4), ints(2), ints(3)))
                .bug("The gradients of all pairs are added up, not averaged", ") / from.length", ")")
                .bug(
                        "A pair's gradient replaces that of an earlier pair with the same first symbol",
                        "gradient[from[m]][k] +=",
                        "gradient[from[m]][k] =")
                .bug(
                        "The 1 of the symbol that came is not taken away: the gradient is p - [k = j]",
                        "(p - (k == to[m] ? 1 : 0))",
                        "p")
                .bug(
                        "Only the score of the symbol that came gets a gradient; all others must fall",
                        "(p - (k == to[m] ? 1 : 0))",
                        "(k == to[m] ? p - 1 : 0)")
                .bug(
                        "The sign is wrong: a step down this gradient makes the pairs less likely",
                        "(p - (k == to[m] ? 1 : 0))",
                        "((k == to[m] ? 1 : 0) - p)")
                .bug(Bug.of("The row's largest score is not taken away, so that exp overflows")
                        .replacing("largest = Math.max(largest, score)", "largest = 0"))
                .bug(
                        "The row is that of the second symbol; it must be that of the first",
                        "double[] scores = w[from[m]]",
                        "double[] scores = w[to[m]]")
                .bug(
                        "The gradient is put into the row of the second symbol",
                        "gradient[from[m]][k]",
                        "gradient[to[m]][k]")
                .bug("The mean is taken over the symbols, not over the pairs", ") / from.length", ") / w.length")
                .variant("counts first: (n_i·p − counts) / n", """
                        int v = w.length;
                        double[][] counts = new double[v][v];
                        for (int m = 0; m < from.length; m++) {
                            counts[from[m]][to[m]] += 1;
                        }
                        double[][] g = new double[v][v];
                        for (int i = 0; i < v; i++) {
                            double n = java.util.Arrays.stream(counts[i]).sum();
                            double max = java.util.Arrays.stream(w[i]).max().orElse(0);
                            double logSum = 0;
                            for (double s : w[i]) {
                                logSum += Math.exp(s - max);
                            }
                            logSum = max + Math.log(logSum);
                            for (int k = 0; k < v; k++) {
                                g[i][k] = (n * Math.exp(w[i][k] - logSum) - counts[i][k]) / from.length;
                            }
                        }
                        return g;
                        """)
                .variant("pair by pair, the 1 last", """
                        double[][] g = new double[w.length][w.length];
                        double share = 1.0 / to.length;
                        for (int m = to.length - 1; m >= 0; m--) {
                            double[] s = w[from[m]];
                            for (int k = 0; k < s.length; k++) {
                                double inverse = 0;
                                for (double other : s) {
                                    inverse += Math.exp(other - s[k]);
                                }
                                g[from[m]][k] += share / inverse;
                            }
                            g[from[m]][to[m]] -= share;
                        }
                        return g;
                        """)
                .hints(
                        "Which row of w does the pair (i, j) touch, and what does softmax make of it?",
                        "Add (p[k] - [k = j]) / n to row i, for every k.",
                        "gradient[from[m]][k] += (p - (k == to[m] ? 1 : 0)) / from.length, where p is the"
                                + " softmax of row"
                                + " from[m].")
                .reading("The section \"The same by gradient\" of this lesson");
    }

    private static int[] ints(int... values) {
        return values;
    }

    private static double[] row(double... values) {
        return values;
    }

    private static double[][] rows(double[]... rows) {
        return rows;
    }
}
