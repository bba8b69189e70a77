package gradus.lessons.attention;

import gradus.lessons.learn.exercise.Exercise;

final class OneHeadExercise {
    private OneHeadExercise() {}

    static Exercise exercise() {
        return Exercise.of(OneHead.class, "One head with loops")
                .tolerance(1e-6)
                .forbid("attention", "selfAttention")
                .probe(
                        "one query, two keys, D = 1",
                        "scores 0 and ln 3, weights 1/4 and 3/4: 1/4·10 + 3/4·20 = 17.5",
                        t -> t.call(rows(1, 1), rows(1, 0, Math.log(3)), rows(1, 10, 20)))
                .probe(
                        "D = 4",
                        "q·k = 2·ln 3, divided by √4 = 2 is ln 3: weights 1/4 and 3/4, 17.5",
                        t -> t.call(
                                rows(4, 1, 1, 0, 0),
                                rows(4, 0, 0, 0, 0, Math.log(3), Math.log(3), 5, 7),
                                rows(1, 10, 20)))
                .probe(
                        "two queries, one key",
                        "the only key has the weight 1 for both",
                        t -> t.call(rows(2, 1, 2, 3, 4), rows(2, 5, 6), rows(3, 7, 8, 9)))
                .probe(
                        "two queries that look at different keys",
                        "each query's weights add up to 1 over the keys",
                        t -> t.call(rows(1, 0, Math.log(3)), rows(1, 0, 1), rows(2, 1, 0, 0, 1)))
                .probe(
                        "scores of thousands",
                        "exp(4000) is infinite; less the largest score, the weights are 1 and e⁻²⁰⁰⁰ = 0",
                        t -> t.call(rows(1, 1000), rows(1, 2, 4), rows(1, 10, 20)))
                .probe(
                        "scores of minus thousands",
                        "exp(-2000) is 0 and 0/0 is NaN; the largest score must become 0",
                        t -> t.call(rows(1, 1000, 1), rows(1, -2, -4), rows(1, 10, 20)))
                .probe("unequal sizes", "", t -> t.call(t.normals(3, 5), t.normals(4, 5), t.normals(4, 2)))
                .probe("larger numbers", "", t -> {
                    double[][] q = t.normals(5, 9);
                    for (double[] row : q) {
                        for (int d = 0; d < row.length; d++) {
                            row[d] *= 3;
                        }
                    }
                    return t.call(q, t.normals(7, 9), t.normals(7, 11));
                })
                .bug("The scores are not divided by √D", "scores[j] /= Math.sqrt(q[i].length);", "")
                .bug("The scores are divided by D, not by its root", "Math.sqrt(q[i].length)", "q[i].length")
                .bug(
                        "The scores are divided by the root of the number of keys, not of D",
                        "Math.sqrt(q[i].length)",
                        "Math.sqrt(k.length)")
                .bug("The scores are multiplied by √D", "scores[j] /= Math", "scores[j] *= Math")
                .bug(
                        "The largest score is not subtracted, so that exp overflows for scores above 709",
                        "scores[j] - largest",
                        "scores[j]")
                .bug("The weights are not divided by their sum", "scores[j] / sum * v[j][d]", "scores[j] * v[j][d]")
                .bug("The values are averaged with equal weights", "scores[j] / sum * v[j][d]", "v[j][d] / k.length")
                .bug(
                        "Only the key with the largest score is looked at",
                        "scores[j] = Math.exp(scores[j] - largest);",
                        "scores[j] = scores[j] == largest ? 1 : 0;")
                .bug(
                        "A query sees only keys up to its own place: there is no mask in this exercise",
                        "scores[j] = Math.exp(scores[j] - largest);",
                        "scores[j] = j > i ? 0 : Math.exp(scores[j] - largest);")
                .bug("The softmax goes over the queries, not over the keys", "sum += scores[j];", """
                        double all = 0;
                        for (double[] other : q) {
                            double score = 0;
                            for (int d = 0; d < other.length; d++) {
                                score += other[d] * k[j][d];
                            }
                            all += Math.exp(score / Math.sqrt(other.length) - largest);
                        }
                        scores[j] /= all;
                        sum = 1;
                        """)
                .variant("the sum running along", """
                        int width = v[0].length;
                        double[][] output = new double[q.length][width];
                        for (int i = 0; i < q.length; i++) {
                            double largest = Double.NEGATIVE_INFINITY;
                            double sum = 0;
                            for (int j = 0; j < k.length; j++) {
                                double score = 0;
                                for (int d = 0; d < k[j].length; d++) {
                                    score += q[i][d] / Math.sqrt(k[j].length) * k[j][d];
                                }
                                double next = Math.max(largest, score);
                                double keep = Math.exp(largest - next);
                                double weight = Math.exp(score - next);
                                sum = sum * keep + weight;
                                for (int d = 0; d < width; d++) {
                                    output[i][d] = output[i][d] * keep + weight * v[j][d];
                                }
                                largest = next;
                            }
                            for (int d = 0; d < width; d++) {
                                output[i][d] /= sum;
                            }
                        }
                        return output;
                        """)
                .variant("weights as one over a sum of ratios", """
                        double[][] output = new double[q.length][v[0].length];
                        for (int i = q.length - 1; i >= 0; i--) {
                            double[] s = new double[k.length];
                            for (int j = 0; j < k.length; j++) {
                                double dot = 0;
                                for (int d = q[i].length - 1; d >= 0; d--) {
                                    dot += k[j][d] * q[i][d];
                                }
                                s[j] = dot * Math.pow(q[i].length, -0.5);
                            }
                            for (int j = 0; j < k.length; j++) {
                                double below = 0;
                                for (double other : s) {
                                    below += Math.exp(other - s[j]);
                                }
                                for (int d = 0; d < v[j].length; d++) {
                                    output[i][d] += v[j][d] / below;
                                }
                            }
                        }
                        return output;
                        """)
                .variant("with tensors of double", """
                        gradus.tensor.Tensor scores = gradus.tensor.Tensor.of(q)
                                .matmul(gradus.tensor.Tensor.of(k), false, true)
                                .div(Math.sqrt(q[0].length));
                        gradus.tensor.Tensor mixed =
                                scores.softmax(-1).matmul(gradus.tensor.Tensor.of(v));
                        double[] flat = mixed.toArray();
                        double[][] output = new double[q.length][];
                        for (int i = 0; i < q.length; i++) {
                            output[i] = java.util.Arrays.copyOfRange(flat, i * v[0].length, (i + 1) * v[0].length);
                        }
                        return output;
                        """)
                .hints(
                        "What are the three steps for one query, before any loop over queries?",
                        "For query i: the scores of all keys, then their softmax (less the largest score first),"
                                + " then the sum"
                                + " of weight times value.",
                        "scores[j] = Σ_d q[i][d]·k[j][d] / Math.sqrt(q[i].length); w = exp(scores[j] - largest) / sum;"
                                + " output[i][d] += w·v[j][d].")
                .reading("The section \"One head, one query\" of this lesson; Vaswani et al. 2017, section 3.2.1");
    }

    /// The numbers in rows of that many columns.
    private static double[][] rows(int columns, double... numbers) {
        double[][] rows = new double[numbers.length / columns][columns];
        for (int i = 0; i < numbers.length; i++) {
            rows[i / columns][i % columns] = numbers[i];
        }
        return rows;
    }
}
