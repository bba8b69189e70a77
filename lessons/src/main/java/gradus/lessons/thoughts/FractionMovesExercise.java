package gradus.lessons.thoughts;

import gradus.lessons.learn.exercise.Bug;
import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Trial;

final class FractionMovesExercise {
    private static final String SIGN = " * (each[1] < 0 ? -1 : 1)";
    private static final String WRITE = "results.add(each[1] == 1 ? \"\" + each[0] : each[0] + \"/\" + each[1]);";

    private FractionMovesExercise() {}

    static Exercise exercise() {
        return Exercise.of(FractionMoves.class, "The moves of the game of 24")
                .forbid("Game24", "Fraction")
                .probe("6 and 4", "10, 2, -2, 24; 6/4 = 3/2 and 4/6 = 2/3", t -> call(t, 6, 1, 4, 1))
                .probe("4 and 6", "the same, the differences and quotients exchanged", t -> call(t, 4, 1, 6, 1))
                .probe("8 and 2", "10, 6, -6, 16; 8/2 = 4 and 2/8 = 1/4", t -> call(t, 8, 1, 2, 1))
                .probe(
                        "5 and 5",
                        "10; 0, which both differences are; 25; 1, which both quotients are",
                        t -> call(t, 5, 1, 5, 1))
                .probe("2 and 2", "2 + 2 and 2 · 2 are both 4", t -> call(t, 2, 1, 2, 1))
                .probe(
                        "3 and 0",
                        "3, which is 3 + 0 and 3 − 0; -3; 0; 3 ÷ 0 is no move, and 0 ÷ 3 = 0",
                        t -> call(t, 3, 1, 0, 1))
                .probe("0 and 3", "3, -3, 0; 0 ÷ 3 = 0, and 3 ÷ 0 is no move", t -> call(t, 0, 1, 3, 1))
                .probe("0 and 0", "all that can be had is 0", t -> call(t, 0, 1, 0, 1))
                .probe("3 and 8/3", "17/3, 1/3, -1/3, 24/3 = 8, 9/8 and 8/9", t -> call(t, 3, 1, 8, 3))
                .probe("8 and 1/3", "25/3, 23/3, -23/3, 8/3, 24 and 1/24", t -> call(t, 8, 1, 1, 3))
                .probe(
                        "1/2 and -1/3",
                        "1/6, 5/6, -5/6, -1/6, -3/2, -2/3: the sign stands in front",
                        t -> call(t, 1, 2, -1, 3))
                .probe("-4 and 6", "", t -> call(t, -4, 1, 6, 1))
                .probe("5/6 and 1/4", "", t -> call(t, 5, 6, 1, 4))
                .probe("drawn fractions", "", t -> {
                    int[] n = t.ints(12, 4);
                    return call(t, n[0] - 4, n[1] + 1, n[2] - 4, n[3] + 1);
                })
                .bug("b − a is missing: subtraction has an order", "{-difference, below},", "")
                .bug(
                        "b ÷ a is missing: division has an order",
                        "{a[1] * b[0], a[0] * b[1]}",
                        "{a[0] * b[1], a[1] * b[0]}")
                .bug(
                        "Differences below 0 are left out: 5 − 7 may be what is needed",
                        WRITE,
                        "if (each[0] >= 0) { " + WRITE + " }")
                .bug(Bug.of("Division by 0 is a move: its result cannot be worked with")
                        .replacing("if (each[1] != 0)", "if (each[1] != 0 || each[0] != 0)")
                        .replacing(SIGN, " * (each[1] < 0 || each[1] == 0 && each[0] < 0 ? -1 : 1)"))
                .bug("Quotients that are no whole numbers are rounded", WRITE, "results.add(\"\" + each[0] / each[1]);")
                .bug("Only results that are whole numbers are moves", WRITE, "if (each[1] == 1) { " + WRITE + " }")
                .bug(
                        "Fractions are not in lowest terms: 6/4 and 3/2 are two results",
                        "divisor(each[0], each[1])" + SIGN,
                        "(each[0] % each[1] == 0 ? each[1] : each[1] < 0 ? -1 : 1)")
                .bug("The sign may stand below the line", SIGN, "")
                .bug(
                        "Whole numbers are written as fractions, with a 1 below",
                        WRITE,
                        "results.add(each[0] + \"/\" + each[1]);")
                .bug(
                        "Sums are made of what stands above and of what stands below, each by itself",
                        "{a[0] * b[1] + b[0] * a[1], below}",
                        "{a[0] + b[0], a[1] + b[1]}")
                .bug(
                        "Numbers above are added without being brought over a common line",
                        "{a[0] * b[1] + b[0] * a[1], below}",
                        "{a[0] + b[0], below}")
                .bug(
                        "Differences are taken of the numbers above without a common line",
                        "a[0] * b[1] - b[0] * a[1]",
                        "a[0] - b[0]")
                .bug(Bug.of("Results that are there already are there again")
                        .replacing(
                                "Set<String> results = new LinkedHashSet<>();",
                                "List<String> results = new java.util.ArrayList<>();"))
                .bug(
                        "a ÷ b is the product: what divides must be turned over",
                        "{a[0] * b[1], a[1] * b[0]}",
                        "{a[0] * b[0], below}")
                .variant("by a list of texts", """
                        java.util.List<String> found = new java.util.ArrayList<>();
                        long[] up = {
                            a[0] * b[1] + a[1] * b[0],
                            a[0] * b[1] - a[1] * b[0],
                            a[1] * b[0] - a[0] * b[1],
                            a[0] * b[0],
                            a[0] * b[1],
                            b[0] * a[1]
                        };
                        long low = a[1] * b[1];
                        long[] down = {low, low, low, low, b[0] * a[1], a[0] * b[1]};
                        for (int i = 0; i < up.length; i++) {
                            if (down[i] == 0) {
                                continue;
                            }
                            long sign = Long.signum(up[i]) * Long.signum(down[i]);
                            long common = divisor(Math.abs(up[i]), Math.abs(down[i]));
                            String text = "" + sign * Math.abs(up[i]) / common;
                            text += Math.abs(down[i]) == common ? "" : "/" + Math.abs(down[i]) / common;
                            if (!found.contains(text)) {
                                found.add(text);
                            }
                        }
                        return found;
                        """)
                .variant("an operation at a time", """
                        Set<String> written = new LinkedHashSet<>();
                        long[][] pairs = {a, b, {-b[0], b[1]}, {-a[0], a[1]}};
                        written.add(text(a[0] * b[1] + b[0] * a[1], a[1] * b[1]));
                        written.add(text(a[0] * b[1] + pairs[2][0] * a[1], a[1] * b[1]));
                        written.add(text(pairs[3][0] * b[1] + b[0] * a[1], a[1] * b[1]));
                        written.add(text(a[0] * b[0], a[1] * b[1]));
                        if (b[0] != 0) {
                            written.add(text(a[0] * b[1] * Long.signum(b[0]), a[1] * Math.abs(b[0])));
                        }
                        if (a[0] != 0) {
                            written.add(text(b[0] * a[1] * Long.signum(a[0]), b[1] * Math.abs(a[0])));
                        }
                        return new java.util.ArrayList<>(written);
                    }

                    private static String text(long above, long below) {
                        for (long common = below; common > 1; common--) {
                            if (above % common == 0 && below % common == 0) {
                                above /= common;
                                below /= common;
                            }
                        }
                        return below == 1 ? String.valueOf(above) : above + "/" + below;
                        """)
                .hints(
                        "How are two fractions added, multiplied and divided? For which of the operations does"
                                + " the order matter?",
                        "Compute six pairs of above and below. Skip those with 0 below; divide both by their"
                                + " greatest common"
                                + " divisor, and turn both signs if what is below is less than 0.",
                        "a − b = (a₀·b₁ − b₀·a₁)/(a₁·b₁), a ÷ b = (a₀·b₁)/(a₁·b₀); a LinkedHashSet keeps the"
                                + " first of equals.")
                .reading("The section \"The game of 24\" of this lesson; Yao et al. 2023, Tree of thoughts");
    }

    private static Object call(Trial t, long above, long below, long otherAbove, long otherBelow) {
        return t.call(new long[] {above, below}, new long[] {otherAbove, otherBelow});
    }
}
