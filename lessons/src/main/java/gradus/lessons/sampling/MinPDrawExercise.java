package gradus.lessons.sampling;

import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Trial;
import java.util.Arrays;

final class MinPDrawExercise {
    private MinPDrawExercise() {}

    static Exercise exercise() {
        double n = 1 / 9.0;
        return Exercise.of(MinPDraw.class, "Min-p, and drawing a token")
                .forbid("pick", "multinomial")
                .tolerance(1e-9)
                .probe(
                        "nothing dropped",
                        "the parts are [0, 0.5), [0.5, 0.75) and [0.75, 1): u = 0.6 draws token 1",
                        t -> t.call(new double[] {0.5, 0.25, 0.25}, 0.0, 0.6))
                .probe(
                        "on the borders",
                        "0 draws token 0, 0.5 token 1, 0.75 token 2: a part holds its beginning, not its end",
                        t -> all(t, new double[] {0.5, 0.25, 0.25}, 0, 0, 0.4999, 0.5, 0.7499, 0.75, 0.9999))
                .probe(
                        "one dropped",
                        "0.125 < 0.5·0.5: tokens 0 and 2 are kept, and the others' parts grow to 2/3 and 1/3",
                        t -> all(t, new double[] {0.5, 0.125, 0.25, 0.125}, 0.5, 0, 0.3, 0.65, 0.67, 0.8, 0.99))
                .probe(
                        "exactly minP times as likely",
                        "0.25 = 0.5·0.5 is kept",
                        t -> all(t, new double[] {0.25, 0.5, 0.25}, 0.5, 0.1, 0.3, 0.8))
                .probe(
                        "less likely than minP itself",
                        "0.25·0.5 = 0.125 is less than 0.1875: tokens 0, 1 and 3 are kept, with the parts 8/14, 3/14"
                                + " and 3/14",
                        t -> all(t, new double[] {0.5, 0.1875, 0.0625, 0.1875, 0.0625}, 0.25, 0.2, 0.6, 0.9))
                .probe(
                        "the likeliest alone",
                        "minP = 1 keeps only token 2, which is not the last one",
                        t -> all(t, new double[] {0.25, 0.125, 0.5, 0.125}, 1, 0, 0.5, 0.999))
                .probe(
                        "probabilities of 0 at the borders",
                        "u = 0 draws token 1, and u near 1 token 2: 0 has no part",
                        t -> all(t, new double[] {0, 0.5, 0.5, 0}, 0, 0, 0.25, 0.5, Math.nextDown(1.0)))
                .probe(
                        "rounding",
                        "ten times 0.1 add up to less than 1; the last kept token is number 9, not 10",
                        t -> all(
                                t,
                                new double[] {.1, .1, .1, .1, .1, .1, .1, .1, .1, .1, 0},
                                0.5,
                                Math.nextDown(1.0),
                                0.95))
                .probe(
                        "rounding once more, one half of the tokens dropped",
                        "five parts of 1/5 may add up to a little less than 1: u near 1 draws token 4",
                        t -> all(
                                t,
                                new double[] {n, n, n, n, n, n / 2, n / 2, n / 2, n / 2, n / 2, n / 2, n / 2, n / 2},
                                0.75,
                                Math.nextDown(1.0)))
                .probe(
                        "and nothing dropped but zeros",
                        "nine parts of 1/9, then 0: token 8",
                        t -> all(t, new double[] {n, n, n, n, n, n, n, n, n, 0, 0}, 0, Math.nextDown(1.0)))
                .probe("seven tokens", "", t -> all(t, NucleusExercise.softmax(t.normals(7), 1), 0.3, many()))
                .probe(
                        "nine tokens, more dropped",
                        "",
                        t -> all(t, NucleusExercise.softmax(t.normals(9), 1), 0.6, many()))
                .bug(
                        "The parts do not grow when tokens are dropped: they end before 1",
                        "probabilities[i] / sum",
                        "probabilities[i]")
                .bug("Nothing is dropped", "double least = minP * Arrays", "double least = 0 * Arrays")
                .bug(
                        "minP is compared with the probabilities themselves, not in proportion to the likeliest",
                        "minP * Arrays.stream(probabilities).max().orElseThrow()",
                        "Math.min(minP, java.util.Arrays.stream(probabilities).max().orElseThrow())")
                .bug(
                        "A token exactly minP times as likely is dropped",
                        "minP * Arrays.stream(probabilities).max().orElseThrow()",
                        "Math.min(Math.nextUp(minP), 1) * java.util.Arrays.stream(probabilities).max().orElseThrow()")
                .bug("A part holds its end, not its beginning", "uniform < mass", "uniform <= mass")
                .bug(
                        "Where rounding leaves u behind all parts, the last token is drawn though it was dropped",
                        "return last;",
                        "return uniform > 0.99 ? probabilities.length - 1 : last;")
                .bug(
                        "The likeliest token is always drawn",
                        "uniform < mass",
                        "probabilities[i] == java.util.Arrays.stream(probabilities).max().orElseThrow()")
                .bug(
                        "The number drawn counts only the kept tokens",
                        "return i;",
                        "int number = 0;\nfor (int j = 0; j < i; j++) {\nnumber += probabilities[j] >= least &&"
                                + " probabilities[j] > 0 ? 1 : 0;\n}\nreturn number;")
                .bug(
                        "A dropped token can be drawn: only the sum leaves it out",
                        "if (probabilities[i] >= least && probabilities[i] > 0) {",
                        "if (probabilities[i] > 0) {")
                .variant("u times the sum goes down", """
                        double top = 0;
                        for (double p : probabilities) {
                            top = Math.max(top, p);
                        }
                        double[] kept = new double[probabilities.length];
                        for (int i = 0; i < kept.length; i++) {
                            kept[i] = probabilities[i] < minP * top ? 0 : probabilities[i];
                        }
                        double left = uniform * java.util.Arrays.stream(kept).sum();
                        int drawn = -1;
                        for (int i = 0; i < kept.length && (drawn < 0 || left >= 0); i++) {
                            if (kept[i] > 0) {
                                drawn = i;
                                left -= kept[i];
                            }
                        }
                        return drawn;
                        """)
                .variant("a table of borders", """
                        double top = java.util.Arrays.stream(probabilities).max().getAsDouble();
                        java.util.TreeMap<Double, Integer> starts = new java.util.TreeMap<>();
                        double all = java.util.Arrays.stream(probabilities).filter(p -> p >= minP * top).sum();
                        double start = 0;
                        for (int i = 0; i < probabilities.length; i++) {
                            double p = probabilities[i];
                            if (p > 0 && p >= minP * top) {
                                starts.put(start, i);
                                start += p / all;
                            }
                        }
                        return starts.floorEntry(uniform).getValue();
                        """)
                .hints(
                        "What do the kept probabilities add up to, and how long is each one's part of [0, 1) then?",
                        "Go through the tokens in order, add p/sum of those kept, and stop at the first where u is"
                                + " below"
                                + " what was added.",
                        "if (p >= least && p > 0) { mass += p / sum; last = i; if (uniform < mass) return i; } and"
                                + " after"
                                + " the loop return last.")
                .reading("The sections \"Min-p\" and \"Drawing\" of this lesson");
    }

    private static double[] many() {
        double[] u = new double[60];
        Arrays.setAll(u, i -> (i + 0.5) / 60);
        return u;
    }

    private static Object all(Trial t, double[] probabilities, double minP, double... uniform) {
        t.see(
                "tokens",
                Arrays.stream(uniform)
                        .mapToInt(u -> (int) t.call(probabilities, minP, u))
                        .toArray());
        return null;
    }
}
