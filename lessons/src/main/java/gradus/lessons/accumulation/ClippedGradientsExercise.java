package gradus.lessons.accumulation;

import gradus.lessons.learn.exercise.Bug;
import gradus.lessons.learn.exercise.Exercise;

final class ClippedGradientsExercise {
    private ClippedGradientsExercise() {}

    static Exercise exercise() {
        return Exercise.of(ClippedGradients.class, "Clipping by the norm of all gradients")
                .forbid("clipGradNorm", "gradNorm")
                .tolerance(1e-9)
                .probe(
                        "one parameter, too long",
                        "the norm of 3 and 4 is 5, the factor 1/(5 + 1e-6): 0.6 and 0.8, a little less",
                        t -> t.call(new double[][] {{3, 4}}, 1.0))
                .probe(
                        "short enough",
                        "the norm is 5 and may be 10: nothing changes",
                        t -> t.call(new double[][] {{3, -4}}, 10.0))
                .probe(
                        "two parameters",
                        "one norm for both: √(9 + 16) = 5, so 0.6 and 0.8; each by itself would become 1",
                        t -> t.call(new double[][] {{3}, {4}}, 1.0))
                .probe(
                        "rows of several lengths, negative numbers",
                        "√(4 + 1 + 4 + 16 + 144) = 13: the factor is 6.5/13",
                        t -> t.call(new double[][] {{-2, 1}, {}, {2, -4, 12}}, 6.5))
                .probe(
                        "a bound as small as 1e-6",
                        "the factor is 1e-6/(1e-6 + 1e-6) = 1/2",
                        t -> t.call(new double[][] {{1e-6}}, 1e-6))
                .probe(
                        "no gradient at all",
                        "the norm is 0, the factor 1",
                        t -> t.call(new double[][] {{0, 0}, {0}}, 0.5))
                .probe(
                        "a number that is none",
                        "the norm is NaN, and nothing changes",
                        t -> t.call(new double[][] {{Double.NaN, 7}, {3}}, 1.0))
                .probe(
                        "an infinite number",
                        "nothing changes: 1/∞ would make zeros of the others",
                        t -> t.call(new double[][] {{8, Double.NEGATIVE_INFINITY}, {3}}, 1.0))
                .probe(
                        "three parameters",
                        "",
                        t -> t.call(new double[][] {t.normals(5), t.normals(3), t.normals(7)}, 0.7))
                .probe(
                        "three parameters, a large bound",
                        "",
                        t -> t.call(new double[][] {t.normals(5), t.normals(3)}, 70.0))
                .bug(Bug.of("Each parameter is clipped by its own norm, which changes the direction of the whole")
                        .replacing(
                                "double norm = Math.sqrt(sum);\n        double factor = Double.isFinite(norm)"
                                        + " ? Math.min(1, max / (norm + 1e-6)) : 1;",
                                "")
                        .replacing(
                                "clipped[i] = gradients[i].clone();",
                                "clipped[i] = gradients[i].clone();\ndouble own = 0;\nfor (double g :"
                                        + " clipped[i]) { own += g * g; }\n"
                                        + "double norm = Math.sqrt(own);\n"
                                        + "double factor = Double.isFinite(sum) ? Math.min(1, max / (norm +"
                                        + " 1e-6)) : 1;"))
                .bug(
                        "Short gradients are made longer: the factor may be above 1",
                        "Math.min(1, max / (norm + 1e-6))",
                        "max / (norm + 1e-6)")
                .bug("The root of the sum of squares is left out", "Math.sqrt(sum)", "sum")
                .bug(
                        "The norm is the sum of magnitudes, not the root of the sum of squares",
                        "sum += g * g;",
                        "sum = Math.pow(Math.sqrt(sum) + Math.abs(g), 2);")
                .bug("The norm is the largest magnitude", "sum += g * g;", "sum = Math.max(sum, g * g);")
                .bug(
                        "Each number is cut at max, which changes the direction",
                        "clipped[i][j] *= factor;",
                        "clipped[i][j] = Math.max(-max, Math.min(max, clipped[i][j]));")
                .bug("The 1e-6 beside the norm is left out", "(norm + 1e-6)", "Math.max(norm, Double.MIN_NORMAL)")
                .bug(
                        "A norm that is not finite is used all the same",
                        "Double.isFinite(norm) ? Math.min(1, max / (norm + 1e-6)) : 1",
                        "Math.min(1, max / (norm + 1e-6))")
                .bug(
                        "Gradients that hold a number that is not finite become 0",
                        "max / (norm + 1e-6)) : 1",
                        "max / (norm + 1e-6)) : 0")
                .bug(
                        "The norm is divided by the number of numbers, as a root of a mean",
                        "double norm = Math.sqrt(sum);",
                        "double norm = Math.sqrt(sum / Math.max(1, java.util.Arrays.stream(gradients).mapToInt(r ->"
                                + " r.length).sum()));")
                .variant("streams, and a comparison instead of a minimum", """
                        double norm = Math.sqrt(java.util.Arrays.stream(gradients)
                                .flatMapToDouble(java.util.Arrays::stream)
                                .map(g -> g * g)
                                .sum());
                        double[][] clipped = java.util.Arrays.stream(gradients)
                                .map(double[]::clone)
                                .toArray(double[][]::new);
                        double bound = norm + 1e-6;
                        if (norm - norm != 0 || bound <= max) {
                            return clipped;
                        }
                        for (double[] row : clipped) {
                            java.util.Arrays.setAll(row, j -> row[j] / bound * max);
                        }
                        return clipped;
                        """)
                .variant("the norm built up number by number", """
                        double norm = 0;
                        boolean finite = true;
                        for (int i = gradients.length - 1; i >= 0; i--) {
                            for (double g : gradients[i]) {
                                finite &= Double.isFinite(g);
                                norm = Math.hypot(norm, g);
                            }
                        }
                        double factor = finite && norm + 1e-6 > max ? max / (norm + 1e-6) : 1;
                        double[][] clipped = new double[gradients.length][];
                        for (int i = 0; i < gradients.length; i++) {
                            clipped[i] = new double[gradients[i].length];
                            for (int j = 0; j < gradients[i].length; j++) {
                                clipped[i][j] = factor * gradients[i][j];
                            }
                        }
                        return clipped;
                        """)
                .hints(
                        "How many norms are there: one for each row, or one?",
                        "First the sum over all rows, then one factor for all rows, at most 1.",
                        "factor = Double.isFinite(norm) ? Math.min(1, max / (norm + 1e-6)) : 1.")
                .reading("The section \"Clipping\" of this lesson");
    }
}
