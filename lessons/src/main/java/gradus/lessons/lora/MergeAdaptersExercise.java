package gradus.lessons.lora;

import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Trial;
import gradus.tensor.Tensor;

final class MergeAdaptersExercise {
    private MergeAdaptersExercise() {}

    static Exercise exercise() {
        return Exercise.of(MergeAdapters.class, "Merging adapters")
                .forbid("merge")
                .probe(
                        "one number",
                        "3 + 1·2·(5·7) = 73",
                        t -> t.call(one(3), all(one(7)), all(one(5)), new double[] {2}, new double[] {1}, false))
                .probe(
                        "a weight of a half",
                        "3 + 0.5·2·35 = 38",
                        t -> t.call(one(3), all(one(7)), all(one(5)), new double[] {2}, new double[] {0.5}, false))
                .probe(
                        "two adapters",
                        "each by itself: 3 + 2·(5·7) + 1·(10·1) = 83; (5 + 10)·(7 + 1) would mix them",
                        t -> t.call(
                                one(3),
                                all(one(7), one(1)),
                                all(one(5), one(10)),
                                new double[] {2, 1},
                                new double[] {1, 1},
                                false))
                .probe(
                        "a column times a row",
                        "B·A is the matrix 1·3 1·4 / 2·3 2·4, on zeros",
                        t -> columnTimesRow(t, false))
                .probe(
                        "the same, transposed",
                        "the base is kept as (in, out), so the change must be turned: 3 6 / 4 8",
                        t -> columnTimesRow(t, true))
                .probe(
                        "no adapter",
                        "the weight as it is",
                        t -> t.call(t.normal(2, 3), all(), all(), new double[0], new double[0], false))
                .probe("three adapters of unequal ranks", "", t -> of(t, false, 4, 5, 1, 3, 2))
                .probe("transposed, three adapters of one rank", "", t -> of(t, true, 3, 6, 2, 2, 2))
                .probe("transposed and square", "", t -> of(t, true, 4, 4, 3, 3))
                .bug("Merged without the scale α/r", "weights[i] * scales[i]", "weights[i]")
                .bug("The weights of the adapters are left out", "weights[i] * scales[i]", "scales[i]")
                .bug("Every adapter is merged twice", "weights[i] * scales[i]", "2 * weights[i] * scales[i]")
                .bug("The adapters are taken out instead of put in", "merged.add(transposed", "merged.sub(transposed")
                .bug("The transposed layout is forgotten", "transposed ? delta.transpose(0, 1) : delta", "delta")
                .bug(
                        "The change is always transposed",
                        "transposed ? delta.transpose(0, 1) : delta",
                        "delta.transpose(0, 1)")
                .bug("Only the last adapter is in the result", "merged = merged.add(", "merged = weight.add(")
                .bug("Only the first adapter is in the result", "i < a.length", "i < Math.min(1, a.length)")
                .bug(
                        "The A's and the B's are added up before the product, which mixes the adapters",
                        "merged = merged.add(transposed ? delta.transpose(0, 1) : delta);",
                        "merged = merged.add(transposed ? delta.transpose(0, 1) : delta); for (int j = 0; j <"
                                + " a.length; j++) { if (j != i && a[j].dim(0) == a[i].dim(0)) { delta ="
                                + " b[i].matmul(a[j]).mul(weights[i] * scales[i]); merged = merged.add(transposed ?"
                                + " delta.transpose(0, 1) : delta); } }")
                .bug(
                        "The weight is changed in place: the base is lost",
                        "Tensor merged = weight;",
                        "Tensor merged = weight; for (int i = 0; i < a.length; i++) {"
                                + " Tensor d = b[i].matmul(a[i]).mul(weights[i] * scales[i]);"
                                + " weight.copyFrom(weight.add(transposed ? d.transpose(0, 1) : d)); }"
                                + " if (weight != null) { return weight; }")
                .variant("one thick pair", """
                        if (a.length == 0) {
                            return weight;
                        }
                        Tensor[] scaled = new Tensor[b.length];
                        for (int i = 0; i < b.length; i++) {
                            scaled[i] = b[i].mul(scales[i]).mul(weights[i]);
                        }
                        Tensor wide = Tensor.concat(1, scaled); // (out, Σ r)
                        Tensor high = Tensor.concat(0, a); // (Σ r, in)
                        return transposed
                                ? weight.add(high.matmul(wide, true, true)) // (in, out)
                                : weight.add(wide.matmul(high)); // (out, in)
                        """)
                .variant("from the last to the first, in the base's own layout", """
                        Tensor sum = Tensor.zerosLike(weight);
                        for (int i = a.length - 1; i >= 0; i--) {
                            Tensor part = transposed
                                    ? a[i].transpose(0, 1).matmul(b[i].transpose(0, 1))
                                    : b[i].matmul(a[i]);
                            sum = part.mul(scales[i]).mul(weights[i]).add(sum);
                        }
                        return weight.clone().add(sum);
                        """)
                .hints(
                        "Is B·A or A·B the matrix of the shape (out, in)?",
                        "One adapter after the other: its product, times scale and weight, goes onto what is there.",
                        "merged = merged.add(delta), or delta.transpose(0, 1) if transposed, with delta ="
                                + " b[i].matmul(a[i]).mul(weights[i] * scales[i]).")
                .reading("The section \"Merging\" of this lesson");
    }

    private static Tensor one(double x) {
        return Tensor.full(x, 1, 1);
    }

    private static Tensor[] all(Tensor... tensors) {
        return tensors;
    }

    private static Object columnTimesRow(Trial t, boolean transposed) {
        Tensor row = t.matrix(new double[] {3, 4});
        Tensor column = t.matrix(new double[] {1}, new double[] {2});
        return t.call(Tensor.zeros(2, 2), all(row), all(column), new double[] {1}, new double[] {1}, transposed);
    }

    private static Object of(Trial t, boolean transposed, int out, int in, int... ranks) {
        Tensor[] a = new Tensor[ranks.length];
        Tensor[] b = new Tensor[ranks.length];
        double[] scales = new double[ranks.length];
        double[] weights = new double[ranks.length];
        for (int i = 0; i < ranks.length; i++) {
            a[i] = t.normal(ranks[i], in);
            b[i] = t.normal(out, ranks[i]);
            scales[i] = 8.0 / ranks[i] - i;
            weights[i] = 0.7 - 0.5 * i;
        }
        return t.call(transposed ? t.normal(in, out) : t.normal(out, in), a, b, scales, weights, transposed);
    }
}
