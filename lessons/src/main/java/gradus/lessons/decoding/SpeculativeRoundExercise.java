package gradus.lessons.decoding;

import gradus.lessons.learn.exercise.Bug;
import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Trial;

final class SpeculativeRoundExercise {
    private static final String TEST = "u[i] * q[i][x] >= p[i][x]";
    private static final String CLIP = "Math.max(0, p[i][y] - q[i][y])";
    private static final String DRAW = "tokens[i] = pick(left, v);";
    private static final String END = "int[] tokens = Arrays.copyOf(drafted, drafted.length + 1);";
    private static final String LAST = "pick(p[drafted.length], v)";

    private SpeculativeRoundExercise() {}

    static Exercise exercise() {
        return Exercise.of(SpeculativeRound.class, "A round of speculative decoding")
                .forbid("SpeculativeGenerator")
                .probe(
                        "accepted",
                        "p/q = 0.5/0.5 = 1 is above u = 0.75; the further token comes from (0.25, 0.75), and"
                                + " 0.375 draws 1",
                        t -> one(t, row(0.5, 0.5), row(0.5, 0.5), row(0.25, 0.75), 0, 0.75, 0.375))
                .probe(
                        "refused",
                        "p/q = 0.25/0.75 = 1/3 is not above u = 0.5; left of p is (0, 0.5), so 1 is drawn",
                        t -> one(t, row(0.25, 0.75), row(0.75, 0.25), row(1, 0), 0, 0.5, 0.125))
                .probe(
                        "more probable for the large model",
                        "p/q = 3 is above every u",
                        t -> one(t, row(0.75, 0.25), row(0.25, 0.75), row(1, 0), 0, 0.9375, 0.5))
                .probe(
                        "accepted by luck",
                        "p/q = 1/3 is above u = 0.25",
                        t -> one(t, row(0.25, 0.75), row(0.75, 0.25), row(0, 1), 0, 0.25, 0.5))
                .probe(
                        "impossible for the large model",
                        "p/q = 0 is above no u, not even above 0",
                        t -> one(t, row(0, 1), row(0.5, 0.5), row(1, 0), 0, 0, 0))
                .probe(
                        "what is left has three tokens",
                        "max(0, p − q) = (0, 0.125, 0.25, 0), divided by 0.375: 1/3 and 2/3; v = 0.3125 draws 1",
                        t -> left(t, 0.3125))
                .probe("the same with another v", "v = 0.375 is above 1/3, and draws 2", t -> left(t, 0.375))
                .probe("the same with a large v", "v = 0.9375 draws 2", t -> left(t, 0.9375))
                .probe(
                        "what is left has the largest first",
                        "max(0, p − q) = (0.375, 0, 0, 0.125), divided by 0.5: 3/4 and 1/4; v = 0.5625 draws 0",
                        t -> one(
                                t,
                                row(0.5, 0.125, 0.125, 0.25),
                                row(0.125, 0.25, 0.5, 0.125),
                                row(1, 0, 0, 0),
                                2,
                                0.75,
                                0.5625))
                .probe(
                        "no draft",
                        "one token is drawn from p",
                        t -> t.call(rows(row(0.25, 0.25, 0.5)), new double[0][], new int[0], row(), 0.375))
                .probe("two accepted", "the further token is drawn from the third p", t -> two(t, 0.25, 0.25, 0.5625))
                .probe("the first is refused", "the second is thrown away", t -> two(t, 0.875, 0.25, 0.25))
                .probe("the second is refused", "the first is kept", t -> two(t, 0.25, 0.875, 0.25))
                .probe("both would be refused", "the round ends with the first", t -> two(t, 0.875, 0.875, 0.25))
                .probe("drawn distributions, three tokens", "", t -> drawn(t, 3, 4))
                .probe("more of them", "", t -> drawn(t, 6, 5))
                .probe("a long draft", "", t -> drawn(t, 12, 3))
                .bug("The quotient is upside down: q(x)/p(x)", TEST, "u[i] * p[i][x] >= q[i][x]")
                .bug(
                        "A token of probability 0 is accepted when u is 0: it must be less, not at most",
                        TEST,
                        "u[i] * q[i][x] > p[i][x]")
                .bug(
                        "A token is only accepted if it is more probable for the large model: luck has no part in it",
                        TEST,
                        "q[i][x] > p[i][x]")
                .bug("u is compared with p(x), not with p(x)/q(x)", TEST, "u[i] >= p[i][x]")
                .bug("Every token is accepted that the large model could write", TEST, "p[i][x] == 0")
                .bug("p of the next place judges the token", TEST, "u[i] * q[i][x] >= p[i + 1][x]")
                .bug(
                        "After a refusal the token is drawn from p: what was drafted is drawn too often",
                        DRAW,
                        "tokens[i] = pick(p[i], v);")
                .bug("After a refusal the token is drawn from q", DRAW, "tokens[i] = pick(q[i], v);")
                .bug(
                        "p − q is not cut off at 0: its sum is 0, and dividing by it gives infinity",
                        CLIP,
                        "p[i][y] - q[i][y]")
                .bug("The difference counts without its sign, |p − q|", CLIP, "Math.abs(p[i][y] - q[i][y])")
                .bug("It is q − p that is left, not p − q", CLIP, "Math.max(0, q[i][y] - p[i][y])")
                .bug("What is left is not divided by its sum: the last token is drawn too often", "left[y] /= sum;", "")
                .bug("The most probable token of what is left is taken, not drawn", DRAW, """
                        int most = 0;
                        for (int y = 0; y < left.length; y++) {
                            most = left[y] > left[most] ? y : most;
                        }
                        tokens[i] = most;""")
                .bug(Bug.of("After a refusal the round goes on with what was drafted behind")
                        .replacing(
                                "for (int i = 0; i < drafted.length; i++) {",
                                "int[] all = drafted.clone(); for (int i = 0; i < drafted.length; i++) {")
                        .replacing("int[] tokens = Arrays.copyOf(drafted, i + 1);", "int[] tokens = all;")
                        .replacing(
                                "pick(left, v);\n        return tokens;".replace("\n        ", "\n" + " ".repeat(16)),
                                "pick(left, v);")
                        .replacing(END, "int[] tokens = Arrays.copyOf(all, drafted.length + 1);"))
                .bug(
                        "After a refusal nothing is drawn: the round may bring no token at all",
                        "Arrays.copyOf(drafted, i + 1);\n                tokens[i] = pick(left, v);",
                        "Arrays.copyOf(drafted, i);")
                .bug(
                        "If all are accepted, no further token is drawn: the pass has given it for nothing",
                        END,
                        "if (drafted.length > 0) { return drafted.clone(); } " + END)
                .bug(
                        "The further token is drawn from the p of the last draft, not of the place behind",
                        LAST,
                        "pick(p[Math.max(0, drafted.length - 1)], v)")
                .bug(
                        "The token after a refusal is drawn with u, which is large then, not with v",
                        DRAW,
                        "tokens[i] = pick(left, u[i]);")
                .variant("by the quotient, and a draw that needs no sum of 1", """
                        java.util.List<Integer> tokens = new java.util.ArrayList<>();
                        int i = 0;
                        while (i < drafted.length && u[i] < p[i][drafted[i]] / q[i][drafted[i]]) {
                            tokens.add(drafted[i++]);
                        }
                        double[] from = p[i].clone();
                        double sum = 0;
                        for (int x = 0; x < from.length; x++) {
                            from[x] = i == drafted.length ? from[x] : from[x] > q[i][x] ? from[x] - q[i][x] : 0;
                            sum += from[x];
                        }
                        int x = 0;
                        for (double passed = from[0]; v * sum >= passed && x < from.length - 1; passed += from[x]) {
                            x++;
                        }
                        tokens.add(x);
                        return tokens.stream().mapToInt(each -> each).toArray();
                        """)
                .variant("what is left is p − min(p, q)", """
                        int accepted = 0;
                        while (accepted < drafted.length) {
                            int x = drafted[accepted];
                            double chance = Math.min(1, p[accepted][x] / q[accepted][x]);
                            if (!(u[accepted] < chance)) {
                                break;
                            }
                            accepted++;
                        }
                        double[] from = p[accepted];
                        if (accepted < drafted.length) {
                            double both = 0;
                            double[] left = from.clone();
                            for (int x = 0; x < left.length; x++) {
                                double common = Math.min(p[accepted][x], q[accepted][x]);
                                left[x] -= common;
                                both += common;
                            }
                            for (int x = 0; x < left.length; x++) {
                                left[x] /= 1 - both;
                            }
                            from = left;
                        }
                        int[] tokens = new int[accepted + 1];
                        System.arraycopy(drafted, 0, tokens, 0, accepted);
                        tokens[accepted] = pick(from, v);
                        return tokens;
                        """)
                .hints(
                        "How often does a token come that way? q·min(1, p/q) = min(p, q) times. What is missing to p?",
                        "A loop over the draft that is left at the first refusal. What is missing is p − min(p,"
                                + " q) = max(0, p −"
                                + " q), and has to be divided by its sum.",
                        "if (u[i] * q[i][x] >= p[i][x]): pick from max(0, p − q)/Σ and return the first i"
                                + " drafted tokens with it."
                                + " Behind the loop: pick from p[γ].")
                .reading("The section \"A small model writes ahead\" of this lesson; Leviathan, Kalman & Matias 2023");
    }

    private static Object left(Trial t, double v) {
        return one(t, row(0.125, 0.375, 0.375, 0.125), row(0.5, 0.25, 0.125, 0.125), row(1, 0, 0, 0), 0, 0.75, v);
    }

    /// A draft of one token.
    private static Object one(Trial t, double[] p, double[] q, double[] behind, int drafted, double u, double v) {
        return t.call(rows(p, behind), rows(q), new int[] {drafted}, row(u), v);
    }

    /// Quotients of 0.75 and 0.75.
    private static Object two(Trial t, double first, double second, double v) {
        double[][] p = {row(0.375, 0.625, 0), row(0.25, 0.375, 0.375), row(0.125, 0.375, 0.5)};
        double[][] q = {row(0.5, 0.25, 0.25), row(0.25, 0.25, 0.5)};
        return t.call(p, q, new int[] {0, 2}, row(first, second), v);
    }

    private static Object drawn(Trial t, int length, int vocabulary) {
        double[][] p = new double[length + 1][];
        double[][] q = new double[length][];
        for (int i = 0; i <= length; i++) {
            p[i] = t.normal(vocabulary).softmax().toArray();
            if (i < length) {
                q[i] = t.normal(vocabulary).softmax().toArray();
            }
        }
        return t.call(
                p,
                q,
                t.ints(vocabulary, length),
                t.uniform(length).toArray(),
                t.next().uniform(1));
    }

    private static double[] row(double... values) {
        return values;
    }

    private static double[][] rows(double[]... rows) {
        return rows;
    }
}
