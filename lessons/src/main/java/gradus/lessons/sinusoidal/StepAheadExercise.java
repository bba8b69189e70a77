package gradus.lessons.sinusoidal;

import gradus.lessons.learn.exercise.Bug;
import gradus.lessons.learn.exercise.Exercise;

final class StepAheadExercise {
    private StepAheadExercise() {}

    static Exercise exercise() {
        return Exercise.of(StepAhead.class, "A step ahead is a rotation")
                .tolerance(1e-8)
                .probe(
                        "from position 0 to 1",
                        "The row of 0 is sin 0 = 0, cos 0 = 1. sin(0 + 1) = 0·cos 1 + 1·sin 1 = 0.84147 and"
                                + " cos(0 + 1) = 1·cos 1 - 0·sin 1 = 0.54030",
                        t -> t.call(new double[] {0, 1}, 1))
                .probe(
                        "from position 1 to 3",
                        "sin 3 = 0.14112, cos 3 = -0.98999; the second pair turns by 0.02: sin 0.03, cos 0.03",
                        t -> t.call(row(1, 4), 2))
                .probe("no step", "the row itself", t -> t.call(row(7, 6), 0))
                .probe(
                        "back from 5 to 2",
                        "k = -3: the sine of a negative angle is negative",
                        t -> t.call(row(5, 6), -3))
                .probe("a long way", "", t -> t.call(row(40, 10), 133))
                .probe("many channels", "", t -> t.call(row(11, 26), 29))
                .bug(Bug.of("It turns back: the row comes out for t - k, not t + k")
                        .replacing("row[c] * Math.cos(angle) + row", "row[c] * Math.cos(angle) - row")
                        .replacing("row[c + 1] * Math.cos(angle) - row", "row[c + 1] * Math.cos(angle) + row"))
                .bug(
                        "The cosine of the sum has plus, and should have minus: sin·sin is subtracted",
                        "row[c + 1] * Math.cos(angle) - row",
                        "row[c + 1] * Math.cos(angle) + row")
                .bug(
                        "The angle's exponent is twice too large: the column is 2i already",
                        "-(double) c / row.length",
                        "-2.0 * c / row.length")
                .bug(
                        "The angle's exponent is half of what it should be: -i/C for the pair i, not -2i/C",
                        "-(double) c / row.length",
                        "-0.5 * c / row.length")
                .bug(
                        "All pairs turn by k radians: only the first one does",
                        "k * Math.pow(10_000, -(double) c / row.length)",
                        "k")
                .bug(
                        "The new sine is used where the old one should be, to compute the cosine",
                        "Math.cos(angle) - row[c] *",
                        "Math.cos(angle) - shifted[c] *")
                .bug(Bug.of("The sine's place takes the first number as the cosine: sine and cosine are exchanged")
                        .replacing(
                                "shifted[c] = row[c] * Math.cos(angle) + row[c + 1] *",
                                "shifted[c] = row[c] * Math.cos(angle) - row[c + 1] *")
                        .replacing(
                                "shifted[c + 1] = row[c + 1] * Math.cos(angle) - row[c] *",
                                "shifted[c + 1] = row[c] * Math.cos(angle) + row[c + 1] *"))
                .variant("a matrix of two by two", """
                        double[] result = row.clone();
                        for (int i = 0; i < row.length / 2; i++) {
                            double theta = 1 / Math.pow(10_000, 2.0 * i / row.length);
                            double[][] turn = {
                                {Math.cos(k * theta), Math.sin(k * theta)}, {-Math.sin(k * theta), Math.cos(k * theta)}
                            };
                            for (int a = 0; a < 2; a++) {
                                result[2 * i + a] = turn[a][0] * row[2 * i] + turn[a][1] * row[2 * i + 1];
                            }
                        }
                        return result;
                        """)
                .variant("the angle from the arc tangent", """
                        double[] result = new double[row.length];
                        for (int i = 0; i < row.length; i += 2) {
                            double angle = Math.atan2(row[i], row[i + 1]);
                            double further = angle + k * Math.exp(-Math.log(10_000) * i / row.length);
                            result[i] = Math.sin(further);
                            result[i + 1] = Math.cos(further);
                        }
                        return result;
                        """)
                .hints(
                        "Take a = t·θᵢ and b = k·θᵢ in the two rules. Which of the four factors stand in the row?",
                        "row[2i] is sin a and row[2i + 1] is cos a; cos b and sin b you compute from k.",
                        "shifted[c] = row[c]·cos b + row[c + 1]·sin b and shifted[c + 1] = row[c + 1]·cos b -"
                                + " row[c]·sin b,"
                                + " with b = k·10000^(-c/C) for even c.")
                .reading("The section \"A step is a rotation\" of this lesson");
    }

    private static double[] row(int t, int channels) {
        double[] row = new double[channels];
        for (int c = 0; c < channels; c += 2) {
            double angle = t * Math.pow(10_000, -(double) c / channels);
            row[c] = Math.sin(angle);
            row[c + 1] = Math.cos(angle);
        }
        return row;
    }
}
