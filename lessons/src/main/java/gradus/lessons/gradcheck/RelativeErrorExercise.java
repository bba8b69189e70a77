package gradus.lessons.gradcheck;

import gradus.lessons.learn.exercise.Exercise;

final class RelativeErrorExercise {
    private RelativeErrorExercise() {}

    static Exercise exercise() {
        return Exercise.of(RelativeError.class, "The error of a gradient")
                .tolerance(1e-9)
                .probe("equal", "no error", t -> t.call(numbers(1, -2), numbers(1, -2), 1e-8))
                .probe("one pair", "|4 - 5| / 5 = 0.2", t -> t.call(numbers(4), numbers(5), 1e-8))
                .probe("the first is the larger", "|5 - 4| / 5 = 0.2", t -> t.call(numbers(5), numbers(4), 1e-8))
                .probe("negative", "|-4 + 5| / 5 = 0.2", t -> t.call(numbers(-4), numbers(-5), 1e-8))
                .probe("opposite signs", "|3 + 3| / 3 = 2", t -> t.call(numbers(3), numbers(-3), 1e-8))
                .probe(
                        "several pairs",
                        "0.01 / 10 = 0.001, 0.5 / 1 = 0.5, 1 / 100 = 0.01: the largest is 0.5",
                        t -> t.call(numbers(10, 0.5, 100), numbers(9.99, 1, 99), 1e-8))
                .probe(
                        "the worst comes first and is small",
                        "a small element counts like a large one: 1e-3 / 2e-3 = 0.5",
                        t -> t.call(numbers(1e-3, 1000), numbers(2e-3, 1001), 1e-8))
                .probe("both zero", "0 / floor = 0", t -> t.call(numbers(0), numbers(0), 1e-8))
                .probe("nearly zero", "1e-10 / 1e-8 = 0.01", t -> t.call(numbers(0), numbers(1e-10), 1e-8))
                .probe("below a floor of 0.5", "|0.1 + 0.1| / 0.5 = 0.4", t -> t.call(numbers(0.1), numbers(-0.1), 0.5))
                .probe("NaN in the first", "NaN", t -> t.call(numbers(1, Double.NaN, 2), numbers(1, 5, 2.5), 1e-8))
                .probe(
                        "NaN in the second, at the start",
                        "NaN",
                        t -> t.call(numbers(1, 2), numbers(Double.NaN, 3), 1e-8))
                .probe("no numbers", "0", t -> t.call(numbers(), numbers(), 1e-8))
                .probe("random numbers", "", t -> t.call(t.normals(7), t.normals(7), 1e-8))
                .bug(
                        "The difference is not made positive, so that an error in one direction counts as none",
                        "Math.abs(a[i] - n[i])",
                        "(a[i] - n[i])")
                .bug("The difference is not divided by the size: an absolute error", " / size", "")
                .bug(
                        "The difference is divided by the smaller of the two, not by the larger",
                        "Math.max(Math.abs(a[i]), Math.abs(n[i]))",
                        "Math.min(Math.abs(a[i]), Math.abs(n[i]))")
                .bug(
                        "NaN passes: a comparison with NaN is false, so that it is never the worst",
                        "worst = Math.max(worst, Math.abs(a[i] - n[i]) / size);",
                        "if (Math.abs(a[i] - n[i]) / size > worst) { worst = Math.abs(a[i] - n[i]) / size; }")
                .bug(
                        "The errors are averaged; a single wrong element disappears among many right ones",
                        "worst = Math.max(worst, Math.abs(a[i] - n[i]) / size)",
                        "worst += Math.abs(a[i] - n[i]) / size / a.length")
                .bug(
                        "The errors are added up",
                        "worst = Math.max(worst, Math.abs(a[i] - n[i]) / size)",
                        "worst += Math.abs(a[i] - n[i]) / size")
                .bug(
                        "The floor is added to the size; it should stand in its place where the size is smaller",
                        "Math.max(Math.max(Math.abs(a[i]), Math.abs(n[i])), floor)",
                        "Math.max(Math.abs(a[i]), Math.abs(n[i])) + floor")
                .bug(
                        "Without the floor 0 against 0 is 0/0",
                        "Math.max(Math.max(Math.abs(a[i]), Math.abs(n[i])), floor)",
                        "Math.max(Math.abs(a[i]), Math.abs(n[i]))")
                .bug(
                        "The size is that of the first gradient alone",
                        "Math.max(Math.abs(a[i]), Math.abs(n[i]))",
                        "Math.abs(a[i])")
                .bug(
                        "The size is the sum of both magnitudes, not the larger one",
                        "Math.max(Math.abs(a[i]), Math.abs(n[i]))",
                        "(Math.abs(a[i]) + Math.abs(n[i]))")
                .variant("a stream", """
                        java.util.stream.DoubleStream errors = java.util.stream.IntStream.range(0, n.length)
                                .mapToDouble(i -> {
                                    double size = Math.max(floor, Math.max(Math.abs(n[i]), Math.abs(a[i])));
                                    return Math.abs(n[i] - a[i]) / size;
                                });
                        return errors.max().orElse(0);
                        """)
                .variant("NaN first, then the sizes", """
                        for (int i = 0; i < a.length; i++) {
                            if (Double.isNaN(a[i]) || Double.isNaN(n[i])) {
                                return Double.NaN;
                            }
                        }
                        double error = 0;
                        for (int i = a.length - 1; i >= 0; i--) {
                            double size = floor;
                            if (Math.abs(a[i]) > size) {
                                size = Math.abs(a[i]);
                            }
                            if (Math.abs(n[i]) > size) {
                                size = Math.abs(n[i]);
                            }
                            double off = a[i] > n[i] ? a[i] - n[i] : n[i] - a[i];
                            if (off / size > error) {
                                error = off / size;
                            }
                        }
                        return error;
                        """)
                .hints(
                        "Is an error of 0.001 large? What must you know to say so?",
                        "Divide each difference by the largest of |a|, |n| and the floor; keep the largest quotient.",
                        "Math.max(worst, quotient) gives NaN if either is NaN; `if (quotient > worst)` does not.")
                .reading("The section \"What is close enough\" of this lesson");
    }

    private static double[] numbers(double... values) {
        return values;
    }
}
