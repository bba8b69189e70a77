package gradus.lessons.lora;

import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Trial;
import gradus.tensor.Tensor;

final class LoraForwardExercise {
    private LoraForwardExercise() {}

    static Exercise exercise() {
        return Exercise.of(LoraForward.class, "LoRA's forward pass")
                .probe(
                        "rank 1, one number",
                        "the base gives 3·2 = 6; the adapter 3·5 = 15, 15·7 = 105, times α/r = 2/1: 6 + 210 = 216",
                        t -> t.call(one(3), one(2), one(5), one(7), one(1), 2.0, false))
                .probe(
                        "B is zero, as at the start",
                        "the adapter gives 0, so what is left is the base: 1·4 + 2·3 = 10",
                        t -> t.call(
                                t.matrix(new double[] {1, 2}),
                                t.matrix(new double[] {4, 3}),
                                t.matrix(new double[] {8, 9}),
                                one(0),
                                Tensor.ones(1, 2),
                                16.0,
                                false))
                .probe(
                        "rank 4",
                        "the base gives 1; four ones of A and four ones of B make 4, times 8/4: 1 + 8 = 9",
                        t -> t.call(one(1), one(1), Tensor.ones(4, 1), Tensor.ones(1, 4), one(1), 8.0, false))
                .probe(
                        "rank 4, stabilised",
                        "the same, times 8/√4 = 4: 1 + 16 = 17",
                        t -> t.call(one(1), one(1), Tensor.ones(4, 1), Tensor.ones(1, 4), one(1), 8.0, true))
                .probe(
                        "dropout has taken the number",
                        "the adapter gets 0, the base the whole x: 3·2 = 6",
                        t -> t.call(one(3), one(2), one(5), one(7), one(0), 2.0, false))
                .probe("a batch, with gradients", "the gradient of W is 0", t -> of(t, 5.0, false, 2, 3))
                .probe("stabilised, three axes and more", "", t -> of(t, 3.0, true, 2, 1, 4))
                .probe("one row, a negative scale", "", t -> of(t, -6.0, false, 1))
                .bug(
                        "The scale is α, and must be α/r: with another rank another learning rate would be needed",
                        "alpha / rank;",
                        "alpha;")
                .bug("The scale of rsLoRA is α/√r, not α/r", "alpha / Math.sqrt(rank)", "alpha / rank ")
                .bug(
                        "The scale is α/√r in either case: that is rsLoRA's, and plain LoRA takes α/r",
                        "alpha / rank;",
                        "alpha / Math.sqrt(rank) ;")
                .bug("There is no scale", "delta.mul(scale)", "delta")
                .bug("The base is not frozen: its weight gets a gradient", "weight.detach()", "weight")
                .bug(
                        "The whole base path is cut off from the gradients: x needs its part, only W does not",
                        "x.matmul(weight.detach(), false, true)",
                        "x.detach().matmul(weight.detach(), false, true)")
                .bug(
                        "The adapter's path is cut off below A: x gets no gradient by it",
                        "x.mul(keep)",
                        "x.detach().mul(keep)")
                .bug(
                        "Dropout goes over the base path too",
                        "x.matmul(weight.detach(), false, true)",
                        "x.mul(keep).matmul(weight.detach(), false, true)")
                .bug("Dropout is missing", "x.mul(keep)", "x")
                .bug("A is frozen as well: it gets no gradient", "matmul(a, ", "matmul(a.detach(), ")
                .bug("B is frozen as well: it gets no gradient", "matmul(b, ", "matmul(b.detach(), ")
                .bug(
                        "The base is missing: the adapter is to be added to it",
                        "base.add(delta.mul(scale))",
                        "delta.mul(scale)")
                .bug("The base is scaled too", "base.add(delta.mul(scale))", "base.add(delta).mul(scale)")
                .variant("one weight for both paths, where nothing is dropped", """
                        double scale = alpha / (stabilised ? Math.sqrt(a.dim(0)) : a.dim(0));
                        Tensor small = b.matmul(a).mul(scale); // (out, in)
                        Tensor frozen = weight.clone().detach();
                        Tensor y = x.mul(keep).matmul(small.transpose(0, 1)); // (..., out)
                        return y.add(x.matmul(frozen.transpose(0, 1)));
                        """)
                .variant("the scale on B", """
                        double scale = alpha;
                        scale /= stabilised ? Math.pow(a.dim(0), 0.5) : a.dim(0);
                        Tensor grown = b.mul(scale).transpose(0, 1); // (r, out)
                        Tensor delta = keep.mul(x).matmul(a.transpose(0, 1)).matmul(grown); // (..., out)
                        return delta.add(x.linear(weight.detach(), null));
                        """)
                .hints(
                        "What are the shapes of x·Aᵀ, and of that times Bᵀ? Which of the four tensors may learn?",
                        "detach() gives a tensor through which no gradient goes; only W needs it.",
                        "x.matmul(weight.detach(), false, true) plus x.mul(keep).matmul(a, false, true).matmul(b,"
                                + " false, true) times the scale.")
                .reading("The section \"Two thin matrices\" of this lesson; Hu et al. 2021, section 4.1");
    }

    private static Tensor one(double x) {
        return Tensor.full(x, 1, 1);
    }

    private static Object of(Trial t, double alpha, boolean stabilised, int... rows) {
        int[] dims = java.util.Arrays.copyOf(rows, rows.length + 1);
        dims[rows.length] = 5;
        Tensor keep = t.uniform(dims).gt(0.3).mul(1 / 0.7);
        return t.callWithGradients(
                t.normal(dims), t.normal(4, 5), t.normal(3, 5), t.normal(4, 3), keep, alpha, stabilised);
    }
}
