package gradus.lessons.regression;

import static gradus.lessons.regression.GradientDescentExercise.row;
import static gradus.lessons.regression.GradientDescentExercise.rows;

import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Trial;

final class LinearSolveExercise {
    private LinearSolveExercise() {}

    static Exercise exercise() {
        return Exercise.of(LinearSolve.class, "Gaussian elimination")
                .tolerance(1e-7)
                .probe("one equation", "4x = 2: x = 0.5", t -> t.call(rows(row(4)), row(2)))
                .probe("already solved", "x = 3 and y = -2", t -> t.call(rows(row(1, 0), row(0, 1)), row(3, -2)))
                .probe(
                        "two equations",
                        "2x + y = 5, x + 3y = 5: the second less half of the first is 2.5y = 2.5; y = 1, x = 2",
                        t -> t.call(rows(row(2, 1), row(1, 3)), row(5, 5)))
                .probe(
                        "a zero in the corner",
                        "0x + 2y = 4, 3x + y = 5: exchange the rows first; y = 2, x = 1",
                        t -> t.call(rows(row(0, 2), row(3, 1)), row(4, 5)))
                .probe(
                        "a zero in the corner, and below it a negative number",
                        "-3 is larger in magnitude than 0",
                        t -> t.call(rows(row(0, 2), row(-3, 1)), row(4, -5)))
                .probe(
                        "a tiny number in the corner",
                        "dividing by 1e-20 drowns the rest; exchanged first, x = 1 and y = 1",
                        t -> t.call(rows(row(1e-20, 1), row(1, 1)), row(1, 2)))
                .probe(
                        "zero after the first step",
                        "the second row becomes 0, 0, 1, and is exchanged with the third",
                        t -> t.call(rows(row(1, 1, 1), row(1, 1, 2), row(1, 2, 1)), row(6, 9, 8)))
                .probe(
                        "three equations in a ring",
                        "each row picks another unknown",
                        t -> t.call(rows(row(0, 1, 0), row(0, 0, 2), row(4, 0, 0)), row(1, 2, 3)))
                .probe("six random equations", "", t -> t.call(matrix(t, 6), t.normals(6)))
                .bug(
                        "Rows are never exchanged, so that a 0 on the diagonal gives NaN",
                        "Math.abs(m[i][k]) > Math.abs(m[pivot][k]) ? i : pivot",
                        "k")
                .bug(
                        "The largest number is the pivot, not the largest magnitude: 0 wins over -3",
                        "Math.abs(m[i][k]) > Math.abs(m[pivot][k])",
                        "m[i][k] > m[pivot][k]")
                .bug(
                        "The smallest magnitude is the pivot",
                        "Math.abs(m[i][k]) > Math.abs(m[pivot][k])",
                        "Math.abs(m[i][k]) < Math.abs(m[pivot][k])")
                .bug(
                        "The rows of the left side are exchanged, and those of the right side are not",
                        "m[k] = row;",
                        "m[k] = row; double kept = row[n]; row[n] = m[pivot][n]; m[pivot][n] = kept;")
                .bug(
                        "The unknowns above the diagonal are not put in: the matrix is a triangle, and each row still"
                                + " holds the later unknowns",
                        "i == k ? 0",
                        "i <= k ? 0")
                .bug("The right side is not eliminated along with the left", "j <= n;", "j < n;")
                .bug("The result is not divided by the diagonal", "m[i][n] / m[i][i]", "m[i][n]")
                .bug("The pivot's row is added, where it must be taken away", "m[i][j] -= factor", "m[i][j] += factor")
                .variant("a triangle, then from the last unknown back", """
                        int n = b.length;
                        double[][] m = new double[n][];
                        double[] r = b.clone();
                        for (int i = 0; i < n; i++) {
                            m[i] = a[i].clone();
                        }
                        for (int k = 0; k < n; k++) {
                            int best = k;
                            for (int i = k; i < n; i++) {
                                if (Math.abs(m[i][k]) >= Math.abs(m[best][k])) {
                                    best = i;
                                }
                            }
                            double[] row = m[k];
                            m[k] = m[best];
                            m[best] = row;
                            double right = r[k];
                            r[k] = r[best];
                            r[best] = right;
                            for (int i = k + 1; i < n; i++) {
                                double f = m[i][k] / m[k][k];
                                r[i] -= f * r[k];
                                for (int j = k; j < n; j++) {
                                    m[i][j] -= f * m[k][j];
                                }
                            }
                        }
                        for (int i = n - 1; i >= 0; i--) {
                            for (int j = i + 1; j < n; j++) {
                                r[i] -= m[i][j] * r[j];
                            }
                            r[i] /= m[i][i];
                        }
                        return r;
                        """)
                .variant("recursion: one unknown less each time", """
                        int n = b.length;
                        if (n == 0) {
                            return new double[0];
                        }
                        int p = 0;
                        for (int i = 1; i < n; i++) {
                            if (Math.abs(a[i][0]) > Math.abs(a[p][0])) {
                                p = i;
                            }
                        }
                        double[][] smaller = new double[n - 1][n - 1];
                        double[] rest = new double[n - 1];
                        for (int i = 0, to = 0; i < n; i++) {
                            if (i != p) {
                                double factor = a[i][0] / a[p][0];
                                for (int j = 1; j < n; j++) {
                                    smaller[to][j - 1] = a[i][j] - factor * a[p][j];
                                }
                                rest[to++] = b[i] - factor * b[p];
                            }
                        }
                        double[] others = solve(smaller, rest);
                        double[] x = new double[n];
                        System.arraycopy(others, 0, x, 1, n - 1);
                        double first = b[p];
                        for (int j = 1; j < n; j++) {
                            first -= a[p][j] * x[j];
                        }
                        x[0] = first / a[p][0];
                        return x;
                        """)
                .hints(
                        "Solve 2x + y = 5, x + 3y = 5 on paper. What do you take from which row, and how often?",
                        "Put b as a last column beside a copy of a; then whatever is done to a row is done"
                                + " to both sides.",
                        "For column k: exchange the row with the largest |m[i][k]|, i ≥ k, to place k; from"
                                + " every other row"
                                + " take m[i][k] / m[k][k] times row k.")
                .reading("The section \"In one step\" of this lesson");
    }

    private static double[][] matrix(Trial t, int n) {
        double[][] rows = t.normals(n, n);
        for (int i = 0; i < n; i++) {
            rows[i][(i + 2) % n] += 5; // far from singular, and not along the diagonal
        }
        return rows;
    }
}
