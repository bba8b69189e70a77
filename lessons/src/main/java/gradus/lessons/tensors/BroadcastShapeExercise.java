package gradus.lessons.tensors;

import gradus.lessons.learn.exercise.Bug;
import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Trial;

final class BroadcastShapeExercise {
    private BroadcastShapeExercise() {}

    static Exercise exercise() {
        return Exercise.of(BroadcastShape.class, "The shape of a broadcast result")
                .forbid("broadcast")
                .tolerance(1e-9)
                .probe("equal shapes", "nothing is stretched", t -> t.call(ints(2, 3), ints(2, 3)))
                .probe("a row and a matrix", "(3) counts as (1, 3): (2, 3)", t -> t.call(ints(2, 3), ints(3)))
                .probe("a matrix and a row", "the same the other way round: (4, 3)", t -> t.call(ints(3), ints(4, 3)))
                .probe("a column and a row", "both are stretched: (4, 5)", t -> t.call(ints(4, 1), ints(1, 5)))
                .probe("a number and a matrix", "no axes count as (1, 1): (2, 3)", t -> t.call(ints(), ints(2, 3)))
                .probe("two numbers", "no axes: a shape of none", t -> t.call(ints(), ints()))
                .probe(
                        "unequal in rank and size",
                        "from the end: 5 and 1, 1 and 3, 7 and none, 2 and none: (2, 7, 3, 5)",
                        t -> t.call(ints(2, 7, 1, 5), ints(3, 1)))
                .probe("axes of 1 on both sides", "1 and 1 stay 1: (1, 6, 1)", t -> t.call(ints(1, 6, 1), ints(6, 1)))
                .probe("sizes that do not fit", "2 and 3: neither is 1", t -> refusals(t))
                .probe(
                        "five axes against three",
                        "from the end: 2, 9, 4, then 1 and 8 stay",
                        t -> t.call(ints(4, 1, 2), ints(8, 1, 1, 9, 1)))
                .bug(Bug.of("The first axes are laid over each other, not the last ones")
                        .replacing("a[a.length - i]", "a[i - 1]")
                        .replacing("b[b.length - i]", "b[i - 1]")
                        .replacing("shape[rank - i]", "shape[i - 1]"))
                .bug(
                        "The smaller of two sizes is taken, so that 1 wins",
                        "Math.max(one, other);",
                        "Math.min(one, other);")
                .bug("Sizes that do not fit are not refused", "one != other && one != 1 && other != 1", "one < 0")
                .bug(
                        "A size of 1 is refused beside another size, though it can be stretched",
                        "one != other && one != 1 && other != 1",
                        "one != other")
                .bug(
                        "Only the second shape is stretched, so that a size of 1 in the first is refused",
                        " && one != 1",
                        "")
                .bug(
                        "Sizes are let through that divide one another; only 1 can be stretched",
                        "one != other && one != 1 && other != 1",
                        "one % other != 0 && other % one != 0")
                .variant("both shapes filled up with ones first", """
                        int n = a.length > b.length ? a.length : b.length;
                        int[] x = new int[n];
                        int[] y = new int[n];
                        java.util.Arrays.fill(x, 1);
                        java.util.Arrays.fill(y, 1);
                        System.arraycopy(a, 0, x, n - a.length, a.length);
                        System.arraycopy(b, 0, y, n - b.length, b.length);
                        for (int i = 0; i < n; i++) {
                            if (x[i] == 1) {
                                x[i] = y[i];
                            } else if (y[i] != 1 && y[i] != x[i]) {
                                throw new IllegalArgumentException(x[i] + " against " + y[i]);
                            }
                        }
                        return x;
                        """)
                .variant("the longer shape copied, then stretched", """
                        int[] longer = (a.length >= b.length ? a : b).clone();
                        int[] shorter = a.length >= b.length ? b : a;
                        int shift = longer.length - shorter.length;
                        for (int i = shorter.length - 1; i >= 0; i--) {
                            int l = longer[i + shift];
                            if (l == 1) {
                                longer[i + shift] = shorter[i];
                            } else if (shorter[i] != 1 && shorter[i] != l) {
                                throw new IllegalArgumentException("no fit");
                            }
                        }
                        return longer;
                        """)
                .hints(
                        "Write the two shapes under each other, right-aligned. What stands in each column?",
                        "For the i-th axis from the end, the size is a[a.length - i], or 1 where i is more"
                                + " than a.length.",
                        "Refuse where the sizes differ and neither is 1; otherwise the result is the larger"
                                + " of the two.")
                .reading("The section \"Broadcasting\" of this lesson");
    }

    private static Object refusals(Trial t) {
        t.refuses("(2) and (3)", () -> t.call(ints(2), ints(3)));
        t.refuses("(4) and (2)", () -> t.call(ints(4), ints(2)));
        t.refuses("(2, 3) and (2)", () -> t.call(ints(2, 3), ints(2)));
        t.refuses("(5, 2, 3) and (4, 1, 3)", () -> t.call(ints(5, 2, 3), ints(4, 1, 3)));
        t.refuses("(1, 4) and (6, 2)", () -> t.call(ints(1, 4), ints(6, 2)));
        return null;
    }

    private static int[] ints(int... values) {
        return values;
    }
}
