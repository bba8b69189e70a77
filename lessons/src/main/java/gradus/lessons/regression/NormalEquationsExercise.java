package gradus.lessons.regression;

import static gradus.lessons.regression.GradientDescentExercise.row;
import static gradus.lessons.regression.GradientDescentExercise.rows;

import gradus.lessons.learn.exercise.Exercise;

final class NormalEquationsExercise {
    private NormalEquationsExercise() {}

    static Exercise exercise() {
        return Exercise.of(NormalEquations.class, "The normal equations of ridge regression")
                .tolerance(1e-9)
                .probe(
                        "one example",
                        "X̃ = [2 1], y = 3: X̃ᵀX̃ = [4 2; 2 1], X̃ᵀy = [6; 3]",
                        t -> t.call(rows(row(2)), row(3), 0.0))
                .probe(
                        "one example with λ = 0.5",
                        "1 · 0.5 on the diagonal for the weight, nothing for the bias: [4.5 2; 2 1]",
                        t -> t.call(rows(row(2)), row(3), 0.5))
                .probe(
                        "two examples with λ = 10",
                        "x² add up to 4 + 16 = 20, plus 2 · 10; x to 6; the ones to 2; x·y to 6 - 4 = 2; y to 2",
                        t -> t.call(rows(row(2), row(4)), row(3, -1), 10.0))
                .probe(
                        "two columns",
                        "c and d: 1 · 5 + 3 · -2 = -1 beside the diagonal",
                        t -> t.call(rows(row(1, 5), row(3, -2)), row(1, 2), 3.0))
                .probe("four columns, nine examples", "", t -> t.call(t.normals(9, 4), t.normals(9), 0.3))
                .probe("as many examples as columns", "", t -> t.call(t.normals(3, 3), t.normals(3), 2.0))
                .bug(
                        "The bias is held small too; then the fit cannot follow a shift of y",
                        "c < columns;",
                        "c < columns + 1;")
                .bug(
                        "The penalty is not multiplied by N, though the squared errors are not divided by it",
                        "x.length * lambda",
                        "lambda")
                .bug(
                        "The penalty stands in the whole matrix, not only on the diagonal",
                        "system[c][d] += row[c] * row[d];",
                        "system[c][d] += row[c] * row[d] + (c < columns && d < columns && c != d ? lambda : 0);")
                .bug("The bias's column of ones is missing", "row[columns] = 1;", "row[columns] = 0;")
                .bug("The penalty is taken away, not added", "+= x.length * lambda", "-= x.length * lambda")
                .bug(
                        "The right side is the plain sum of y; each y is to be multiplied by its x",
                        "row[c] * y[i]",
                        "y[i]")
                .bug(
                        "Only the diagonal is summed, as if the columns had nothing to do with each other",
                        "row[c] * row[d]",
                        "(c == d ? row[c] * row[d] : 0)")
                .bug("The penalty is λ², not λ", "x.length * lambda", "x.length * lambda * lambda")
                .variant("entry by entry", """
                        int n = x.length;
                        int size = x[0].length + 1;
                        double[][] s = new double[size][size + 1];
                        for (int c = 0; c < size; c++) {
                            for (int d = 0; d <= size; d++) {
                                for (int i = n - 1; i >= 0; i--) {
                                    double left = c == size - 1 ? 1 : x[i][c];
                                    double right = d == size ? y[i] : d == size - 1 ? 1 : x[i][d];
                                    s[c][d] += left * right;
                                }
                            }
                            s[c][c] += c < size - 1 ? lambda * n : 0;
                        }
                        return s;
                        """)
                .variant("one triangle, mirrored", """
                        int n = x.length;
                        int k = x[0].length;
                        double[][] s = new double[k + 1][k + 2];
                        for (int c = 0; c < k; c++) {
                            for (int d = 0; d <= c; d++) {
                                double sum = c == d ? n * lambda : 0;
                                for (double[] each : x) {
                                    sum += each[c] * each[d];
                                }
                                s[c][d] = sum;
                                s[d][c] = sum;
                            }
                        }
                        for (int i = 0; i < n; i++) {
                            for (int c = 0; c < k; c++) {
                                s[c][k] += x[i][c];
                                s[k][c] += x[i][c];
                                s[c][k + 1] += x[i][c] * y[i];
                            }
                            s[k][k + 1] += y[i];
                        }
                        s[k][k] = n;
                        return s;
                        """)
                .hints(
                        "Entry (c, d) of X̃ᵀX̃ is a sum over the examples of what?",
                        "Give each example a last input of 1; then add row[c]·row[d] to the left side,"
                                + " row[c]·y to the right.",
                        "At the end add N·λ to system[c][c] for every weight c, and not for the bias.")
                .reading("The sections \"In one step\" and \"Ridge\" of this lesson");
    }
}
