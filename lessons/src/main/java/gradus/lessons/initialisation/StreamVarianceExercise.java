package gradus.lessons.initialisation;

import gradus.lessons.learn.exercise.Exercise;

final class StreamVarianceExercise {
    private StreamVarianceExercise() {}

    static Exercise exercise() {
        return Exercise.of(StreamVariance.class, "The residual stream's variance")
                .tolerance(1e-9)
                .probe("no layer", "only the 1 at the beginning", t -> t.call(0, 1.0, true, true))
                .probe(
                        "two layers with norms",
                        "each branch adds 1² = 1, each block has two: 1, 3, 5",
                        t -> t.call(2, 1.0, true, false))
                .probe(
                        "two layers without norms",
                        "each branch doubles the variance: 1, then 2 and 4, then 8 and 16: 1, 4, 16",
                        t -> t.call(2, 1.0, false, false))
                .probe(
                        "two layers with norms, scaled",
                        "1/√4 for each branch, so each adds 1/4: 1, 1.5, 2",
                        t -> t.call(2, 1.0, true, true))
                .probe(
                        "two layers without norms, scaled",
                        "each branch multiplies the variance by 1 + 1/4: 1, 1.5625, 2.44141",
                        t -> t.call(2, 1.0, false, true))
                .probe("gain 3", "3² = 9: 1, 19, 37, 55", t -> t.call(3, 3.0, true, false))
                .probe("a small gain, no norms", "0.5² = 0.25", t -> t.call(5, 0.5, false, false))
                .probe("seven layers, scaled", "", t -> t.call(7, 1.7, true, true))
                .probe("eleven layers, scaled, no norms", "", t -> t.call(11, 0.8, false, true))
                .bug("A block has one branch, and should have two", "branch < 2", "branch < 1")
                .bug(
                        "The gain multiplies deviations, and its square variances: the square is missing",
                        "gain * gain",
                        "gain")
                .bug("The scale is 1/√L, and should be 1/√(2L)", "2.0 * layers", "1.0 * layers")
                .bug(
                        "The scale's square is missing: the variance is divided by √(2L), and should be by 2L",
                        "2.0 * layers",
                        "Math.sqrt(2.0 * layers)")
                .bug(
                        "The scale is 1/(2L), and so the variance is divided by (2L)²",
                        "2.0 * layers",
                        "4.0 * layers * layers")
                .bug(
                        "Norms or none are exchanged: with a norm a branch gives the same whatever comes in",
                        "normalised ? added : added * stream",
                        "normalised ? added * stream : added")
                .bug("The stream is replaced by the branch, and should be added to", "stream +=", "stream =")
                .bug(
                        "The norm is forgotten: branches always grow with the stream",
                        "normalised ? added : added * stream",
                        "added * stream")
                .bug(
                        "Both branches of a block are computed from the stream before it",
                        "added * stream;",
                        "added * variances[block];")
                .bug(
                        "Deviations are given, and variances are asked for",
                        "variances[block + 1] = stream",
                        "variances[block + 1] = Math.sqrt(stream)")
                .bug("The stream begins at 0, and should begin at 1", "double stream = 1", "double stream = 0")
                .variant("by formula", """
                        double each = gain * gain;
                        if (scaled && layers > 0) {
                            each /= 2 * layers;
                        }
                        double[] result = new double[layers + 1];
                        for (int b = 0; b <= layers; b++) {
                            result[b] = normalised ? 1 + 2 * b * each : Math.pow(1 + each, 2 * b);
                        }
                        return result;
                        """)
                .variant("by deviations", """
                        double[] result = new double[layers + 1];
                        result[0] = 1;
                        double deviation = 1;
                        for (int branch = 1; branch <= 2 * layers; branch++) {
                            double added = normalised ? gain : gain * deviation;
                            if (scaled) {
                                added /= Math.sqrt(2 * layers);
                            }
                            deviation = Math.hypot(deviation, added);
                            result[(branch + 1) / 2] = deviation * deviation;
                        }
                        return result;
                        """)
                .hints(
                        "By what must a variance be multiplied, if all numbers are multiplied by g?",
                        "Keep the stream's variance in one number, and add to it twice in each block: gain², or"
                                + " gain² times"
                                + " the number itself; divided by 2L if scaled.",
                        "stream += normalised ? added : added * stream, where added = gain² / (scaled ? 2L : 1),"
                                + " twice for"
                                + " each block.")
                .reading("The section \"Residual branches\" of this lesson");
    }
}
