package gradus.lessons.backward;

import gradus.lessons.learn.exercise.Exercise;

final class SumToExercise {
    private SumToExercise() {}

    static Exercise exercise() {
        return Exercise.of(SumTo.class, "The gradient of a broadcast tensor")
                .forbid("backward", "grad")
                .probe(
                        "a row added to two rows",
                        "each element of the row was used in both rows: 1 + 10, 2 + 20",
                        t -> t.call(dims(2), t.matrix(new double[] {1, 2}, new double[] {10, 20})))
                .probe(
                        "a column added to two columns",
                        "1 + 2 and 10 + 20, as a column",
                        t -> t.call(dims(2, 1), t.matrix(new double[] {1, 2}, new double[] {10, 20})))
                .probe(
                        "a row with two axes",
                        "1 + 10, 2 + 20, and the shape is (1, 2)",
                        t -> t.call(dims(1, 2), t.matrix(new double[] {1, 2}, new double[] {10, 20})))
                .probe(
                        "a number",
                        "all four copies: 33",
                        t -> t.call(dims(), t.matrix(new double[] {1, 2}, new double[] {10, 20})))
                .probe(
                        "not broadcast at all",
                        "the gradient as it is",
                        t -> t.call(dims(2, 2), t.matrix(new double[] {1, 2}, new double[] {10, 20})))
                .probe("an axis of 1 that was not stretched", "", t -> t.call(dims(1, 4), t.normal(1, 4)))
                .probe("added and stretched", "", t -> t.call(dims(4, 1), t.normal(2, 3, 4, 5)))
                .probe("stretched in the middle", "", t -> t.call(dims(3, 1, 5), t.normal(3, 4, 5)))
                .probe(
                        "equal sizes",
                        "only the shape says which axis is meant",
                        t -> t.call(dims(1, 3), t.normal(3, 3, 3)))
                .probe("all stretched", "", t -> t.call(dims(1, 1, 1), t.normal(2, 3, 4)))
                .bug(
                        "The copies' gradients are averaged; they must be added up",
                        "sum.sum(axis, true)",
                        "sum.mean(axis, true)")
                .bug("The added axes are averaged; they must be summed over", "sum.sum(0);", "sum.mean(0);")
                .bug("Axes are taken away from the end; a missing axis is one in front", "sum.sum(0);", "sum.sum(-1);")
                .bug("The stretched axes are not summed over", "if (dims[axis] == 1)", "if (dims[axis] < 0)")
                .bug("One copy's gradient is taken for all", "sum.sum(axis, true)", "sum.slice(axis, 0, 1)")
                .bug(
                        "An axis in front is dropped by taking its first part, not by summing over it",
                        "sum.sum(0);",
                        "sum.select(0, 0);")
                .variant("all axes in one sum", """
                        int added = gradient.rank() - dims.length;
                        java.util.List<Integer> axes = new java.util.ArrayList<>();
                        for (int a = 0; a < gradient.rank(); a++) {
                            if (a < added || dims[a - added] != gradient.dim(a)) {
                                axes.add(a);
                            }
                        }
                        if (axes.isEmpty()) {
                            return gradient;
                        }
                        return gradient.sum(axes.stream().mapToInt(a -> a).toArray(), true).reshape(dims);
                        """)
                .variant("element by element", """
                        int[] from = gradient.shape().dims();
                        int size = 1;
                        for (int d : dims) {
                            size *= d;
                        }
                        double[] g = gradient.toArray();
                        double[] total = new double[size];
                        for (int at = 0; at < g.length; at++) {
                            int rest = at;
                            int place = 0;
                            int stride = 1;
                            for (int i = 1; i <= dims.length; i++) {
                                int index = rest % from[from.length - i];
                                rest /= from[from.length - i];
                                place += (dims[dims.length - i] == 1 ? 0 : index) * stride;
                                stride *= dims[dims.length - i];
                            }
                            total[place] += g[at];
                        }
                        float[] narrow = new float[size];
                        for (int i = 0; i < size; i++) {
                            narrow[i] = (float) total[i];
                        }
                        return Tensor.of(narrow, dims);
                        """)
                .hints(
                        "If y = x + x + x, what is dy/dx? Broadcasting uses an element that often.",
                        "First sum over the axes in front until the ranks agree; then over each axis where"
                                + " dims has a 1,"
                                + " keeping it.",
                        "sum = sum.sum(0) while sum.rank() > dims.length; then sum = sum.sum(axis, true)"
                                + " where dims[axis] == 1.")
                .reading("The section \"Broadcast forward, sum backward\" of this lesson");
    }

    private static int[] dims(int... dims) {
        return dims;
    }
}
