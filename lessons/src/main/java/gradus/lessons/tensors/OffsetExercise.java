package gradus.lessons.tensors;

import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Trial;
import java.util.ArrayList;
import java.util.List;

final class OffsetExercise {
    private OffsetExercise() {}

    static Exercise exercise() {
        return Exercise.of(Offset.class, "The place of an element in memory")
                .forbid("position", "strides")
                .tolerance(1e-9)
                .probe("one axis", "one axis: the index is the place", t -> t.call(ints(5), ints(3)))
                .probe("the second row", "a row has 3 numbers: 1 · 3 + 0 = 3", t -> t.call(ints(2, 3), ints(1, 0)))
                .probe(
                        "three axes",
                        "the strides are 4 · 5 = 20, 5 and 1: 1 · 20 + 2 · 5 + 3 = 33",
                        t -> t.call(ints(3, 4, 5), ints(1, 2, 3)))
                .probe(
                        "counted from the end",
                        "-1 of 3 rows is row 2, -4 of 4 columns is column 0: 2 · 4 + 0 = 8",
                        t -> t.call(ints(3, 4), ints(-1, -4)))
                .probe("no axes", "a single number lies at 0", t -> t.call(ints(), ints()))
                .probe(
                        "axes of one place",
                        "0 · 6 + 0 · 6 + 4 · 1 + 0 = 4",
                        t -> t.call(ints(1, 1, 6, 1), ints(0, 0, 4, 0)))
                .probe("an index as large as its axis", "the places of an axis of 3 are 0, 1 and 2", t -> {
                    t.refuses("[1, 3] in 2 rows of 3", () -> t.call(ints(2, 3), ints(1, 3)));
                    return null;
                })
                .probe("outside its axis, inside the memory", "0 · 3 + 4 = 4 would be an element of row 1", t -> {
                    t.refuses("[0, 4] in 2 rows of 3", () -> t.call(ints(2, 3), ints(0, 4)));
                    t.refuses("[2, 0] in 2 rows of 3", () -> t.call(ints(2, 3), ints(2, 0)));
                    t.refuses("[1, -4] in 2 rows of 3", () -> t.call(ints(2, 3), ints(1, -4)));
                    return null;
                })
                .probe("every element of four axes", "0, 1, 2, … in order", OffsetExercise::all)
                .bug(
                        "The first index runs fastest, as in Fortran; here the last one does",
                        "int axis = 0; axis < dims.length; axis++",
                        "int axis = dims.length - 1; axis >= 0; axis--")
                .bug(
                        "An index is multiplied by the size of its own axis, not by the sizes of all later axes",
                        "offset * dims[axis] + i",
                        "offset + i * dims[axis]")
                .bug(
                        "An index of -1 is taken for the last place but one",
                        "index[axis] + dims[axis] :",
                        "index[axis] + dims[axis] - 1 :")
                .bug("An index as large as its axis is let through", "i >= dims[axis]", "i > dims[axis]")
                .bug(
                        "An index outside its axis is let through, and reads another row's number",
                        "i < 0 || i >= dims[axis]",
                        "i < -1_000_000")
                .variant("strides, from the last axis", """
                        int offset = 0;
                        int stride = 1;
                        for (int axis = dims.length - 1; axis >= 0; axis--) {
                            int size = dims[axis];
                            if (index[axis] >= size || index[axis] < -size) {
                                throw new IllegalArgumentException("outside");
                            }
                            offset += Math.floorMod(index[axis], size) * stride;
                            stride *= size;
                        }
                        return offset;
                        """)
                .variant("the product of all later sizes, anew for each axis", """
                        int sum = 0;
                        for (int a = 0; a < dims.length; a++) {
                            int at = index[a] >= 0 ? index[a] : dims[a] + index[a];
                            if (at >= dims[a] || at < 0) {
                                throw new IllegalArgumentException("axis " + a);
                            }
                            for (int later = a + 1; later < dims.length; later++) {
                                at *= dims[later];
                            }
                            sum += at;
                        }
                        return sum;
                        """)
                .hints(
                        "How many numbers lie between an element and the one below it, in a matrix with 3 columns?",
                        "Go from the first axis to the last: what was found so far is multiplied by the"
                                + " size of the next"
                                + " axis, and the next index is added.",
                        "offset = offset * dims[axis] + i, where i is index[axis], plus dims[axis] if it is negative.")
                .reading("The section \"One row of numbers\" of this lesson");
    }

    private static int[] ints(int... values) {
        return values;
    }

    private static Object all(Trial t) {
        int[] dims = {2, 3, 2, 5};
        List<Object> places = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            places.add(t.call(dims, ints(i / 30, i / 10 % 3, i / 5 % 2 - 2, i % 5)));
        }
        return places;
    }
}
