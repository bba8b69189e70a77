package gradus.lessons.sampling;

import gradus.lessons.learn.exercise.Exercise;

final class RepetitionPenaltyExercise {
    private RepetitionPenaltyExercise() {}

    static Exercise exercise() {
        return Exercise.of(RepetitionPenalty.class, "The repetition penalty")
                .forbid("distribution")
                .tolerance(1e-9)
                .probe("nothing seen", "all stay", t -> t.call(new double[] {1, -2}, new int[0], 2.0))
                .probe("above zero", "4/2 = 2", t -> t.call(new double[] {4, 3}, new int[] {0}, 2.0))
                .probe(
                        "below zero",
                        "-4·2 = -8; dividing would make it likelier",
                        t -> t.call(new double[] {1, -4, 3}, new int[] {1}, 2.0))
                .probe(
                        "seen three times",
                        "once is enough: 8/2 = 4, not 1",
                        t -> t.call(new double[] {8, -8, 1}, new int[] {0, 1, 0, 1, 0}, 2.0))
                .probe(
                        "between -1 and 1",
                        "0.5/2 = 0.25 and -0.5·2 = -1",
                        t -> t.call(new double[] {0.5, -0.5, 0.25}, new int[] {1, 0}, 2.0))
                .probe(
                        "zero, and a penalty below 1",
                        "0 stays 0, 1/0.5 = 2, -1·0.5 = -0.5",
                        t -> t.call(new double[] {0, 1, -1}, new int[] {2, 0, 1}, 0.5))
                .probe(
                        "a token that cannot be drawn",
                        "-∞·2 = -∞",
                        t -> t.call(new double[] {Double.NEGATIVE_INFINITY, 6}, new int[] {0, 1, 1}, 3.0))
                .probe("nine tokens", "", t -> t.call(t.normals(9), new int[] {8, 2, 2, 5, 0, 8}, 1.3))
                .bug(
                        "Logits below 0 are divided too, which makes these tokens likelier",
                        "logits[token] < 0 ? logits[token] * penalty : logits[token] / penalty",
                        "logits[token] / penalty")
                .bug(
                        "The two cases are exchanged, and the penalty is a reward",
                        "logits[token] < 0",
                        "logits[token] > 0")
                .bug(
                        "A token that occurs several times is treated several times",
                        "x[token] = logits[token] < 0 ? logits[token] * penalty : logits[token] / penalty",
                        "x[token] = x[token] < 0 ? x[token] * penalty : x[token] / penalty")
                .bug(
                        "The penalty is subtracted",
                        "logits[token] < 0 ? logits[token] * penalty : logits[token] / penalty",
                        "logits[token] - penalty")
                .bug("Logits above 0 are left as they are", "logits[token] / penalty", "logits[token]")
                .bug("Logits below 0 are left as they are", "logits[token] * penalty", "logits[token]")
                .bug(
                        "Only the last token of the text is treated",
                        "for (int token : seen) {",
                        "for (int at = seen.length - 1; at >= 0 && at == seen.length - 1; at--) {\nint token ="
                                + " seen[at];")
                .bug(
                        "The tokens that were not seen are treated too",
                        "return x;",
                        "for (int i = 0; i < x.length; i++) {\n"
                                + "x[i] = logits[i] < 0 ? logits[i] * penalty : logits[i] / penalty;\n}\nreturn x;")
                .variant("a set of the tokens", """
                        double[] x = logits.clone();
                        java.util.Arrays.stream(seen).distinct().forEach(token -> {
                            if (x[token] > 0) {
                                x[token] /= penalty;
                            } else {
                                x[token] *= penalty;
                            }
                        });
                        return x;
                        """)
                .variant("token by token, with a table of those seen", """
                        boolean[] there = new boolean[logits.length];
                        for (int token : seen) {
                            there[token] = true;
                        }
                        double[] x = new double[logits.length];
                        for (int i = 0; i < x.length; i++) {
                            double smaller = Math.min(logits[i], 0) * penalty + Math.max(logits[i], 0) / penalty;
                            x[i] = there[i] ? smaller : logits[i];
                        }
                        return x;
                        """)
                .hints(
                        "What does dividing by 2 do to a logit of -4: is it smaller then?",
                        "Read from the given logits and write to a copy; then it does no harm to meet a token twice.",
                        "x[token] = logits[token] < 0 ? logits[token] * penalty : logits[token] / penalty.")
                .reading("The section \"Repetition\" of this lesson");
    }
}
