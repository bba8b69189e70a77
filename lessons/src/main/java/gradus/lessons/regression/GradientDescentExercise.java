package gradus.lessons.regression;

import gradus.lessons.learn.exercise.Bug;
import gradus.lessons.learn.exercise.Exercise;

final class GradientDescentExercise {
    private GradientDescentExercise() {}

    static Exercise exercise() {
        return Exercise.of(GradientDescent.class, "Linear regression by gradient descent")
                .tolerance(1e-9)
                .probe(
                        "one example, one step",
                        "ŷ = 0, off by -3: ∂L/∂w = 2 · -3 · 2 = -12, ∂L/∂b = 2 · -3 = -6; times 0.1: w = 1.2, b = 0.6",
                        t -> t.call(rows(row(2)), row(3), 0.1, 1))
                .probe(
                        "two examples, one step",
                        "the mean of 2 · -3 · 2 = -12 and 2 · -1 · 4 = -8 is -10, of -6 and -2 is -4",
                        t -> t.call(rows(row(2), row(4)), row(3, 1), 0.1, 1))
                .probe("no steps", "all zero", t -> t.call(rows(row(2, 5), row(4, 1)), row(3, 1), 0.1, 0))
                .probe(
                        "one example, two steps",
                        "after the first w = 1.2, b = 0.6: ŷ = 3, off by 0, so that the second moves nothing",
                        t -> t.call(rows(row(2)), row(3), 0.1, 2))
                .probe(
                        "two steps",
                        "the second step's gradient is taken at the first step's weights",
                        t -> t.call(rows(row(1), row(-2)), row(4, -1), 0.1, 2))
                .probe(
                        "no columns: only a bias",
                        "b goes towards the mean of y",
                        t -> t.call(rows(row(), row()), row(3, 5), 0.25, 3))
                .probe(
                        "seven examples of three columns, one step",
                        "",
                        t -> t.call(t.normals(7, 3), t.normals(7), 0.05, 1))
                .probe(
                        "five examples of two columns, six steps",
                        "",
                        t -> t.call(t.normals(5, 2), t.normals(5), 0.05, 6))
                .bug(Bug.of("The derivative of a square has a factor 2, which is missing")
                        .replacing("2 * off * x[i][c]", "off * x[i][c]")
                        .replacing("2 * off / x.length", "off / x.length"))
                .bug(Bug.of("The gradients of all examples are added up, not averaged: more data means longer steps")
                        .replacing(" * x[i][c] / x.length", " * x[i][c]")
                        .replacing("2 * off / x.length", "2 * off"))
                .bug("The bias is not learnt", "c <= columns", "c < columns")
                .bug("The bias is left out of the prediction", "off = w[columns] - y[i]", "off = -y[i]")
                .bug("The weights go up the gradient; the loss grows", "w[c] -= rate", "w[c] += rate")
                .bug(Bug.of("The gradient is not set back to zero between steps, so that old ones are added to the new")
                        .replacing(
                                "double[] w = ", "double[] gradient = new double[columns + 1];\n        double[] w = ")
                        .replacing("            double[] gradient = new double[columns + 1];\n", ""))
                .bug(Bug.of("The weights move after every example; a step takes the gradient of all"
                                + " examples at one place")
                        .replacing("gradient[c] += 2 * off", "w[c] -= rate * 2 * off")
                        .replacing("gradient[columns] += 2 * off", "w[columns] -= rate * 2 * off"))
                .bug("The gradient of the last example replaces those before it", "gradient[c] += ", "gradient[c] = ")
                .bug("One step too many is made", "step < steps", "step <= steps")
                .bug(Bug.of("The bias is moved first, and the weights' gradient is computed with the new bias")
                        .replacing("double[] gradient = new double[columns + 1];", """
                                double[] gradient = new double[columns + 1];
                                double mean = 0;
                                for (int i = 0; i < x.length; i++) {
                                    mean += w[columns] - y[i];
                                    for (int c = 0; c < columns; c++) {
                                        mean += w[c] * x[i][c];
                                    }
                                }
                                w[columns] -= rate * 2 * mean / x.length;
                                """)
                        .replacing("c <= columns", "c < columns"))
                .variant("residuals first, then one weight after the other", """
                        int n = x.length;
                        int features = x[0].length;
                        double[] weights = new double[features];
                        double bias = 0;
                        while (steps-- > 0) {
                            double[] residual = new double[n];
                            double sum = 0;
                            for (int i = 0; i < n; i++) {
                                double prediction = bias;
                                for (int c = features - 1; c >= 0; c--) {
                                    prediction += x[i][c] * weights[c];
                                }
                                residual[i] = y[i] - prediction;
                                sum += residual[i];
                            }
                            bias += 2 * rate * sum / n;
                            for (int c = 0; c < features; c++) {
                                double slope = 0;
                                for (int i = 0; i < n; i++) {
                                    slope -= residual[i] * x[i][c];
                                }
                                weights[c] -= rate * (2.0 / n) * slope;
                            }
                        }
                        double[] all = java.util.Arrays.copyOf(weights, features + 1);
                        all[features] = bias;
                        return all;
                        """)
                .variant("by the matrix of the normal equations: w ← w − 2·rate/N·(A·w − r)", """
                        int n = x.length;
                        int d = x[0].length + 1;
                        double[][] a = new double[d][d];
                        double[] r = new double[d];
                        for (int i = 0; i < n; i++) {
                            double[] one = java.util.Arrays.copyOf(x[i], d);
                            one[d - 1] = 1;
                            for (int j = 0; j < d; j++) {
                                r[j] += one[j] * y[i];
                                for (int k = 0; k < d; k++) {
                                    a[j][k] += one[j] * one[k];
                                }
                            }
                        }
                        double[] w = new double[d];
                        for (int s = 0; s < steps; s++) {
                            double[] next = w.clone();
                            for (int j = 0; j < d; j++) {
                                double g = -r[j];
                                for (int k = 0; k < d; k++) {
                                    g += a[j][k] * w[k];
                                }
                                next[j] -= rate * 2 / n * g;
                            }
                            w = next;
                        }
                        return w;
                        """)
                .hints(
                        "By how much is each example off? How does that change when w[c] grows a little?",
                        "∂L/∂w[c] = (2/N)·Σᵢ offᵢ·x[i][c], and ∂L/∂b = (2/N)·Σᵢ offᵢ.",
                        "For each step: add both sums up over all examples into a new array, then subtract"
                                + " rate times it.")
                .reading("The section \"Downhill\" of this lesson");
    }

    static double[] row(double... values) {
        return values;
    }

    static double[][] rows(double[]... rows) {
        return rows;
    }
}
