package gradus.lessons.ema;

import gradus.lessons.learn.exercise.Exercise;

final class CopiedAverageExercise {
    private CopiedAverageExercise() {}

    static Exercise exercise() {
        return Exercise.of(CopiedAverage.class, "An average that starts as a copy")
                .tolerance(1e-9)
                .probe("no step yet", "the start itself", t -> t.call(new double[] {3, -4}, new double[0][], 0.9))
                .probe(
                        "one step",
                        "d₁ = min(0.9, 2/11) = 0.1818: 0.1818·11 + 0.8182·0 = 2",
                        t -> t.call(new double[] {11}, new double[][] {{0}}, 0.9))
                .probe(
                        "two steps",
                        "d₂ = min(0.9, 3/12) = 0.25: 0.25·2 + 0.75·6 = 5",
                        t -> t.call(new double[] {11}, new double[][] {{0}, {6}}, 0.9))
                .probe(
                        "a decay below the young one",
                        "d = 0.1 is smaller than 2/11: 0.1·10 + 0.9·20 = 19",
                        t -> t.call(new double[] {10}, new double[][] {{20}}, 0.1))
                .probe(
                        "weights that stay",
                        "the average of equal weights is these weights, without any correction",
                        t -> t.call(new double[] {5, -1}, new double[][] {{5, -1}, {5, -1}}, 0.99))
                .probe("twelve steps of four weights", "", t -> t.call(t.normals(4), t.normals(12, 4), 0.5))
                .probe("three steps, a long memory", "", t -> t.call(t.normals(4), t.normals(3, 4), 0.999))
                .bug(
                        "The result is divided by 1 - dᵗ, which mends a start at 0; this average starts as a copy",
                        "return average;",
                        "for (int i = 0; i < average.length && weights.length > 0; i++) { average[i] /= 1 -"
                                + " Math.pow(decay, weights.length); }\nreturn average;")
                .bug("The average starts at 0, not as a copy", "start.clone()", "new double[start.length]")
                .bug(
                        "The average starts as the weights after the first step, and the start is forgotten",
                        "start.clone()",
                        "weights.length > 0 ? weights[0].clone() : start.clone()")
                .bug(
                        "The decay is d from the first step on, so that the random start lasts long",
                        "Math.min(decay, (1.0 + t) / (10 + t))",
                        "decay")
                .bug(
                        "The larger of the two decays is taken, not the smaller",
                        "Math.min(decay, (1.0 + t) / (10 + t))",
                        "Math.max(decay, (1.0 + t) / (10 + t))")
                .bug("The steps are counted from 0", "(1.0 + t) / (10 + t)", "(double) t / (9 + t)")
                .bug("The quotient of whole numbers is cut to 0", "(1.0 + t) / (10 + t)", "(1 + t) / (10 + t)")
                .bug(
                        "d and 1 - d are exchanged",
                        "d * average[i] + (1 - d) * weights[t - 1][i]",
                        "(1 - d) * average[i] + d * weights[t - 1][i]")
                .variant("towards the new weights", """
                        double[] average = java.util.Arrays.copyOf(start, start.length);
                        int t = 0;
                        for (double[] row : weights) {
                            t++;
                            double young = (t + 1) / (t + 10.0);
                            double part = 1 - (young < decay ? young : decay);
                            for (int i = 0; i < row.length; i++) {
                                average[i] += part * (row[i] - average[i]);
                            }
                        }
                        return average;
                        """)
                .variant("from the last step back", """
                        double[] average = new double[start.length];
                        double left = 1;
                        for (int t = weights.length; t >= 1; t--) {
                            double d = Math.min(decay, 1 - 9.0 / (10 + t));
                            for (int i = 0; i < start.length; i++) {
                                average[i] += left * (1 - d) * weights[t - 1][i];
                            }
                            left *= d;
                        }
                        for (int i = 0; i < start.length; i++) {
                            average[i] += left * start[i];
                        }
                        return average;
                        """)
                .hints(
                        "What is d₁, whatever d is? And what is the average before any step?",
                        "t is one more than the row's index; (1 + t)/(10 + t) must not be a quotient of whole numbers.",
                        "d = Math.min(decay, (1.0 + t) / (10 + t)), and average[i] = d * average[i] + (1 - d) *"
                                + " weights[t - 1][i].")
                .reading("The section \"Two ways to start\" of this lesson");
    }
}
