package gradus.lessons.ema;

import gradus.lessons.learn.exercise.Exercise;

final class DebiasedAverageExercise {
    private DebiasedAverageExercise() {}

    static Exercise exercise() {
        return Exercise.of(DebiasedAverage.class, "An average that starts at 0")
                .tolerance(1e-9)
                .probe("one row", "s = 0.1·4 = 0.4, and 0.4/(1 - 0.9) = 4", t -> t.call(new double[][] {{4, -2}}, 0.9))
                .probe(
                        "two rows",
                        "s = 0.5·(0.5·2) + 0.5·8 = 4.5, and 4.5/(1 - 0.25) = 6",
                        t -> t.call(new double[][] {{2}, {8}}, 0.5))
                .probe(
                        "equal rows",
                        "their average is the row, however many there are",
                        t -> t.call(new double[][] {{3, -1}, {3, -1}, {3, -1}}, 0.9))
                .probe(
                        "a decay of 0",
                        "nothing is remembered: the last row",
                        t -> t.call(new double[][] {{3, -1}, {5, 7}}, 0.0))
                .probe(
                        "a long memory",
                        "for d near 1 the average of few rows is nearly their mean",
                        t -> t.call(new double[][] {{1}, {2}, {6}}, 0.9999))
                .probe("seven rows of five", "", t -> t.call(t.normals(7, 5), 0.8))
                .bug(
                        "The average is not corrected for its start at 0, and is too small",
                        "1 - Math.pow(decay, weights.length)",
                        "1")
                .bug(
                        "The correction counts one step too few, and divides by 0 after the first",
                        "Math.pow(decay, weights.length)",
                        "Math.pow(decay, weights.length - 1)")
                .bug(
                        "The correction counts one step too many",
                        "Math.pow(decay, weights.length)",
                        "Math.pow(decay, weights.length + 1)")
                .bug(
                        "d and 1 - d are exchanged: the average forgets at once",
                        "decay * average[i] + (1 - decay) * row[i]",
                        "(1 - decay) * average[i] + decay * row[i]")
                .bug("New rows are added in full, without 1 - d", "(1 - decay) * row[i]", "row[i]")
                .bug(
                        "The average starts as the first row and is corrected for a start at 0 all the same",
                        "new double[weights[0].length]",
                        "weights[0].clone()")
                .bug(
                        "The plain mean is taken: all rows count alike",
                        "double seen = 1 - Math.pow(decay, weights.length);",
                        "double seen = 1;\nfor (int i = 0; i < average.length; i++) { average[i] = 0; "
                                + "for (double[] row : weights) { average[i] += row[i] / weights.length; } }")
                .bug(
                        "The correction is made at every step and goes into the next one",
                        "average[i] = decay * average[i] + (1 - decay) * row[i];",
                        "average[i] = (decay * average[i] + (1 - decay) * row[i]) / (1 - decay);")
                .variant("a weighted mean", """
                        int n = weights.length;
                        double[] sum = new double[weights[0].length];
                        double mass = 0;
                        for (int t = n - 1; t >= 0; t--) {
                            double weight = Math.pow(decay, n - 1 - t);
                            mass += weight;
                            for (int i = 0; i < sum.length; i++) {
                                sum[i] += weight * weights[t][i];
                            }
                        }
                        double all = mass;
                        java.util.Arrays.setAll(sum, i -> sum[i] / all);
                        return sum;
                        """)
                .variant("a rate that falls from 1 to 1 - d", """
                        double[] average = new double[weights[0].length];
                        double rest = 1;
                        for (double[] row : weights) {
                            rest *= decay;
                            double part = (1 - decay) / (1 - rest);
                            for (int i = 0; i < average.length; i++) {
                                average[i] += part * (row[i] - average[i]);
                            }
                        }
                        return average;
                        """)
                .hints(
                        "How much of s is still the 0 that it started from, after t steps?",
                        "First all steps without any correction, then one division of what came out.",
                        "average[i] = decay * average[i] + (1 - decay) * row[i] for each row, and at the end all of it"
                                + " divided by 1 - Math.pow(decay, weights.length).")
                .reading("The section \"Two ways to start\" of this lesson");
    }
}
