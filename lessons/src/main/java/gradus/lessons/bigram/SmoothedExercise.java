package gradus.lessons.bigram;

import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Trial;

final class SmoothedExercise {
    private SmoothedExercise() {}

    static Exercise exercise() {
        return Exercise.of(Smoothed.class, "Probabilities of smoothed counts")
                .tolerance(1e-9)
                .probe("one row", "1/4 and 3/4", t -> t.call(rows(row(1, 3)), 0.0))
                .probe("one row and extra 1", "2/6 and 4/6", t -> t.call(rows(row(1, 3)), 1.0))
                .probe("a pair that never came", "0 + 0.5 of 4 + 1: 0.1, and 0.9", t -> t.call(rows(row(0, 4)), 0.5))
                .probe(
                        "two rows",
                        "each row by itself: 1/4, 3/4, and 1/2, 1/2",
                        t -> t.call(rows(row(1, 3), row(5, 5)), 0.0))
                .probe(
                        "a row without counts",
                        "1/3 each, whatever is added",
                        t -> t.call(rows(row(0, 0, 0), row(1, 0, 1)), 2.0))
                .probe(
                        "a row without counts, nothing added",
                        "0/0 would be NaN; 1/3 each",
                        t -> t.call(rows(row(0, 0, 0), row(6, 3, 1)), 0.0))
                .probe(
                        "more columns than rows",
                        "V is 5, the length of a row",
                        t -> t.call(rows(row(1, 2, 3, 4, 0), row(0, 0, 7, 1, 1)), 0.25))
                .probe("random counts", "", t -> t.call(random(t), 0.1))
                .probe("random counts, nothing added", "", t -> t.call(random(t), 0.0))
                .bug(
                        "What is added to each count is missing in the sum, so that a row adds up to more than 1",
                        "total += count + extra",
                        "total += count")
                .bug(
                        "What is added stands in the sum only, so that a row adds up to less than 1",
                        "(counts[i][j] + extra) / total",
                        "counts[i][j] / total")
                .bug(
                        "1 is added to every count, whatever extra is",
                        "double[][] p = ",
                        "extra = 1;\n        double[][] p = ")
                .bug("Nothing is added", "double[][] p = ", "extra = 0;\n        double[][] p = ")
                .bug(
                        "All counts together are the sum, not those of one row",
                        "double total = 0;\n",
                        "double total = 0;\n for (int k = 0; k < counts.length; k++) { for (double each :"
                                + " counts[k]) { total += k == i ? 0 : each + extra; } }\n")
                .bug("A row without counts becomes NaN where nothing is added", "total == 0 ? 1.0 / p[i].length : ", "")
                .bug("A row without counts becomes 0 where nothing is added", "1.0 / p[i].length", "0")
                .bug(
                        "Extra is divided by the number of columns first: it is added to each count, not shared out",
                        "double[][] p = ",
                        "extra /= counts[0].length;\n        double[][] p = ")
                .variant("a sum first, V·extra after", """
                        int v = counts[0].length;
                        double[][] p = new double[counts.length][v];
                        for (int i = 0; i < counts.length; i++) {
                            double sum = java.util.Arrays.stream(counts[i]).sum() + v * extra;
                            for (int j = v - 1; j >= 0; j--) {
                                p[i][j] = sum > 0 ? counts[i][j] / sum + extra / sum : 1.0 / v;
                            }
                        }
                        return p;
                        """)
                .variant("copied, then divided", """
                        double[][] p = java.util.Arrays.stream(counts)
                                .map(row -> java.util.Arrays.stream(row).map(c -> c + extra).toArray())
                                .toArray(double[][]::new);
                        for (double[] row : p) {
                            double sum = 0;
                            for (double each : row) {
                                sum += each;
                            }
                            if (sum == 0) {
                                java.util.Arrays.fill(row, 1);
                                sum = row.length;
                            }
                            for (int j = 0; j < row.length; j++) {
                                row[j] /= sum;
                            }
                        }
                        return p;
                        """)
                .hints(
                        "What must a row be divided by so that it adds up to 1, after every count has grown by extra?",
                        "total is the sum of count + extra over the row; if that is 0, nothing is known: 1/V.",
                        "p[i][j] = (counts[i][j] + extra) / total.")
                .reading("The section \"Counting\" of this lesson; Jurafsky & Martin, chapter 3, on smoothing");
    }

    private static double[] row(double... values) {
        return values;
    }

    private static double[][] rows(double[]... rows) {
        return rows;
    }

    private static double[][] random(Trial t) {
        double[][] rows = new double[6][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = java.util.Arrays.stream(t.ints(20, 6)).asDoubleStream().toArray();
        }
        return rows;
    }
}
