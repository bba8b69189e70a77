package gradus.lessons.sinusoidal;

import gradus.lessons.learn.exercise.Bug;
import gradus.lessons.learn.exercise.Exercise;

final class SinusoidTableExercise {
    private SinusoidTableExercise() {}

    static Exercise exercise() {
        return Exercise.of(SinusoidTable.class, "The table of sines and cosines")
                .tolerance(1e-8)
                .forbid("embed")
                .probe("position 0", "all angles are 0: sin 0 = 0 and cos 0 = 1, in turn", t -> t.call(1, 4))
                .probe(
                        "two channels",
                        "θ₀ = 1: the rows are sin 0, cos 0, then sin 1 = 0.84147, cos 1 = 0.54030, then sin 2, cos 2",
                        t -> t.call(3, 2))
                .probe(
                        "four channels",
                        "θ₁ = 10000^(-2/4) = 0.01: row 1 is sin 1, cos 1, sin 0.01 = 0.01, cos 0.01 = 0.99995",
                        t -> t.call(2, 4))
                .probe("six channels", "θ₁ = 10000^(-1/3) = 0.04642 and θ₂ = 10000^(-2/3) = 0.00215", t -> t.call(5, 6))
                .probe("more positions than channels", "", t -> t.call(70, 10))
                .probe("more channels than positions", "", t -> t.call(4, 34))
                .bug(Bug.of("Sine and cosine are exchanged: even columns are to be sines")
                        .replacing("table[t][2 * i] = Math.sin(angle)", "table[t][2 * i] = Math.cos(angle)")
                        .replacing("table[t][2 * i + 1] = Math.cos(angle)", "table[t][2 * i + 1] = Math.sin(angle)"))
                .bug(
                        "The exponent is -i/C and should be -2i/C: the longest wave is 100 times the shortest,"
                                + " not 10,000",
                        "-2.0 * i / channels",
                        "-1.0 * i / channels")
                .bug(
                        "The exponent is -4i/C: 2i is the column already, and was doubled once more",
                        "-2.0 * i / channels",
                        "-4.0 * i / channels")
                .bug(
                        "Every column has its own exponent: a sine and its cosine must share one angle",
                        "Math.cos(angle)",
                        "Math.cos(t * Math.pow(10_000, -(2.0 * i + 1) / channels))")
                .bug(
                        "The first row is for position 1, and should be for position 0",
                        "double angle = t *",
                        "double angle = (t + 1) *")
                .bug(Bug.of("All sines come before all cosines, and they should take turns")
                        .replacing("table[t][2 * i] =", "table[t][i] =")
                        .replacing("table[t][2 * i + 1] =", "table[t][i + channels / 2] ="))
                .bug("The base is 1,000 and should be 10,000", "10_000", "1_000")
                .bug("The exponent has no minus, so that later pairs are faster", "-2.0", "2.0")
                .bug(
                        "The whole number division i / C gives 0 for every pair",
                        "-2.0 * i / channels",
                        "-2.0 * (i / channels)")
                .variant("column by column, by the exponential function", """
                        double[][] table = new double[length][channels];
                        for (int c = 0; c < channels; c++) {
                            double theta = Math.exp(-Math.log(10_000) * (c - c % 2) / channels);
                            for (int t = 0; t < length; t++) {
                                table[t][c] = c % 2 == 0 ? Math.sin(t * theta) : Math.cos(t * theta);
                            }
                        }
                        return table;
                        """)
                .variant("a cosine is a sine a quarter turn ahead", """
                        double[][] table = new double[length][];
                        for (int t = 0; t < length; t++) {
                            double[] row = new double[channels];
                            for (int c = 0; c < channels; c++) {
                                double wavelength = 2 * Math.PI * Math.pow(10_000, (double) (c / 2 * 2) / channels);
                                row[c] = Math.sin(2 * Math.PI * t / wavelength + c % 2 * Math.PI / 2);
                            }
                            table[t] = row;
                        }
                        return table;
                        """)
                .hints(
                        "Which columns share one angle?",
                        "Loop over the C/2 pairs; pair i has the angle t·10000^(-2i/C), with a division of doubles.",
                        "table[t][2 * i] = Math.sin(angle) and table[t][2 * i + 1] = Math.cos(angle), where angle = t *"
                                + " Math.pow(10_000, -2.0 * i / channels).")
                .reading("The section \"Waves\" of this lesson; Vaswani et al. 2017, 3.5");
    }
}
