package gradus.lessons.lora;

import gradus.lessons.learn.exercise.Bug;
import gradus.lessons.learn.exercise.Exercise;

final class StartPairExercise {
    private StartPairExercise() {}

    static Exercise exercise() {
        return Exercise.of(StartPair.class, "How A and B begin")
                .probe(
                        "one input, rank 1",
                        "√1 = 1, so 0.75 becomes 0.5, halfway from 0 to 1; B is one row of one zero",
                        t -> t.call(t.matrix(new double[] {0.75}), 1))
                .probe(
                        "four inputs",
                        "√4 = 2: 0 becomes -1/2, 1 becomes 1/2, 0.5 becomes 0, and 0.25 becomes -1/4",
                        t -> t.call(t.matrix(new double[] {0, 1, 0.5, 0.25}), 3))
                .probe(
                        "a rank of three",
                        "the bound is that of the inputs, 1/√5, and not of the rank",
                        t -> t.call(t.uniform(3, 5), 2))
                .probe("more outputs than inputs", "B is (7, 2)", t -> t.call(t.uniform(2, 3), 7))
                .probe("rank above one, as many inputs as outputs", "", t -> t.call(t.uniform(2, 6), 6))
                .bug(
                        "A and B are both zero: neither gets a gradient, and nothing is ever learnt",
                        "draws.mul(2).sub(1).mul(bound)",
                        "draws.mul(0)")
                .bug(
                        "A and B are both random: B·A is not zero, and the model does not begin as the base",
                        "Tensor.zeros(out, rank)",
                        "Tensor.ones(out, rank).mul(a.slice(1, 0, 1).sum())")
                .bug(Bug.of("A is zero and B random: this also begins as the base, but it is not LoRA's start")
                        .replacing("draws.mul(2).sub(1).mul(bound)", "draws.mul(0)")
                        .replacing(
                                "Tensor.zeros(out, rank)",
                                "Tensor.ones(out, rank).mul(draws.slice(1, 0, 1).sum().mul(2).sub(1).mul(bound))"))
                .bug("The bound is 1/√r, and must be 1/√in", "draws.dim(1)", "draws.dim(0)")
                .bug("The bound is 1/in: the root is missing", "Math.sqrt(draws.dim(1))", "draws.dim(1)")
                .bug("A is drawn between 0 and the bound: it must have negative numbers too", ".mul(2).sub(1)", "")
                .bug("A is drawn between half the negative bound and half the bound", ".mul(2).sub(1)", ".sub(0.5)")
                .bug(
                        "The bound counts both sides, as in Xavier's start: 1/√(in + out)",
                        "draws.dim(1)",
                        "draws.dim(1) + out")
                .bug(
                        "B has the shape (r, out), and must have (out, r)",
                        "Tensor.zeros(out, rank)",
                        "Tensor.zeros(rank, out)")
                .bug("B comes first: A is to be the first of the two", "{a, b}", "{b, a}")
                .variant("by the width of the interval", """
                        double root = Math.sqrt(draws.dim(1));
                        return new Tensor[] {draws.sub(0.5).div(root / 2), Tensor.zeros(out, draws.dim(0))};
                        """)
                .variant("number by number", """
                        int rank = draws.dim(0);
                        int in = draws.dim(1);
                        double[] numbers = draws.toArray();
                        for (int i = 0; i < numbers.length; i++) {
                            double low = -Math.pow(in, -0.5);
                            numbers[i] = low + numbers[i] * -2 * low;
                        }
                        return new Tensor[] {
                            Tensor.of(numbers, rank, in).to(draws.dtype()), Tensor.zeros(out, rank)
                        };
                        """)
                .hints(
                        "Which of the two must be zero so that the first output is the base's, and why not both?",
                        "2u - 1 lies between -1 and 1 if u lies between 0 and 1.",
                        "draws.mul(2).sub(1).div(Math.sqrt(in)) and Tensor.zeros(out, rank).")
                .reading("The section \"The start\" of this lesson; Hu et al. 2021, section 4.1");
    }
}
