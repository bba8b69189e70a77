package gradus.lessons.tensors;

import gradus.lessons.learn.exercise.Exercise;

final class DistancesExercise {
    private DistancesExercise() {}

    static Exercise exercise() {
        return Exercise.of(Distances.class, "All distances between two sets of points")
                .probe(
                        "one point and another",
                        "3² + 4² = 25",
                        t -> t.call(t.matrix(new double[] {0, 0}), t.matrix(new double[] {3, -4})))
                .probe(
                        "one point and two",
                        "from (1, 1): 0² + 1² = 1 and 2² + 0² = 4, in one row",
                        t -> t.call(t.matrix(new double[] {1, 1}), t.matrix(new double[] {1, 2}, new double[] {-1, 1})))
                .probe(
                        "two points and one",
                        "one column of two rows",
                        t -> t.call(t.matrix(new double[] {1, 2}, new double[] {-1, 1}), t.matrix(new double[] {1, 1})))
                .probe(
                        "as many as there are of the others",
                        "row i belongs to point i of x: d[0, 1] = (0 - 5)² = 25 and d[1, 0] = (1 - 2)² = 1",
                        t -> t.call(
                                t.matrix(new double[] {0}, new double[] {1}),
                                t.matrix(new double[] {2}, new double[] {5})))
                .probe("random points", "", t -> t.call(t.normal(5, 3), t.normal(4, 3)))
                .probe("as many points as axes", "", t -> t.call(t.normal(3, 3), t.normal(3, 3)))
                .probe("gradients", "", t -> t.callWithGradients(t.normal(4, 2), t.normal(3, 2)))
                .bug(
                        "Rows and columns are exchanged: a row must belong to a point of x",
                        "x.unsqueeze(1).sub(y.unsqueeze(0))",
                        "x.unsqueeze(0).sub(y.unsqueeze(1))")
                .bug("The root is taken, though the squared distance is asked for", ".sum(-1)", ".sum(-1).sqrt()")
                .bug("The squares are averaged over the axes, not added up", ".sum(-1)", ".mean(-1)")
                .bug("The differences are added up without being squared", ".square()", ".mul(1)")
                .bug("The differences are not squared but made positive", ".square()", ".abs()")
                .bug(
                        "The sum is squared, not each difference: +3 and -3 cancel",
                        ".square().sum(-1)",
                        ".sum(-1).square()")
                .variant("|x|² + |y|² − 2 x·y", """
                        Tensor xx = x.square().sum(-1, true); // (N, 1)
                        Tensor yy = y.square().sum(-1); // (M)
                        return xx.add(yy).sub(x.matmul(y, false, true).mul(2));
                        """)
                .variant("row by row", """
                        Tensor[] rows = new Tensor[x.dim(0)];
                        for (int i = 0; i < rows.length; i++) {
                            Tensor off = y.sub(x.select(0, i)); // (M, C)
                            rows[i] = off.mul(off).sum(1);
                        }
                        return Tensor.stack(0, rows);
                        """)
                .variant("axis by axis", """
                        Tensor total = null;
                        for (int c = 0; c < x.dim(1); c++) {
                            Tensor off = x.slice(1, c, c + 1).sub(y.slice(1, c, c + 1).transpose(0, 1));
                            total = total == null ? off.pow(2) : total.add(off.pow(2));
                        }
                        return total;
                        """)
                .hints(
                        "Which shape must x have, so that x - y holds every pair, each with its C differences?",
                        "x as (N, 1, C) and y as (1, M, C) broadcast to (N, M, C).",
                        "x.unsqueeze(1).sub(y.unsqueeze(0)), squared, summed over the last axis.")
                .reading("The section \"Every pair at once\" of this lesson");
    }
}
