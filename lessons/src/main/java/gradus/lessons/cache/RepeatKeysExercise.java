package gradus.lessons.cache;

import gradus.lessons.learn.exercise.Exercise;

final class RepeatKeysExercise {
    private RepeatKeysExercise() {}

    static Exercise exercise() {
        return Exercise.of(RepeatKeys.class, "Share keys among query heads")
                .probe(
                        "two key heads for four query heads",
                        "heads 5 and 6 become 5 5 6 6",
                        t -> t.call(t.tensor(new double[] {5, 6}, 1, 2, 1, 1), 4))
                .probe(
                        "one key head for three",
                        "multi-query attention: 7 7 7",
                        t -> t.call(t.tensor(new double[] {7}, 1, 1, 1, 1), 3))
                .probe(
                        "as many key heads as query heads",
                        "one for two is 7 7; three for three, nothing changes",
                        t -> {
                            t.see("one for two", t.call(t.tensor(new double[] {7}, 1, 1, 1, 1), 2));
                            return t.call(t.normal(2, 3, 2, 2), 3);
                        })
                .probe("two key heads of two tokens, for four", "", t -> t.call(t.normal(1, 2, 2, 3), 4))
                .probe("two sequences, three key heads for six", "", t -> t.call(t.normal(2, 3, 4, 5), 6))
                .probe("as many heads as tokens", "", t -> t.call(t.normal(2, 2, 2, 2), 6))
                .probe(
                        "gradients",
                        "each key head's gradient is the sum over its copies",
                        t -> t.callWithGradients(t.normal(2, 2, 3, 2), 6))
                .bug(
                        "The heads are tiled, 0 1 0 1, not repeated, 0 0 1 1: query heads look at the wrong keys",
                        "x.unsqueeze(2) // (B, K, 1, T, D)\n                .expand(x.dim(0), x.dim(1), times,"
                                + " x.dim(2), x.dim(3))",
                        "x.unsqueeze(1).expand(x.dim(0), times, x.dim(1), x.dim(2), x.dim(3))")
                .bug(
                        "The tokens are repeated, not the heads",
                        "return x.unsqueeze(2)",
                        "if (times > 1) { return x.transpose(1, 2).unsqueeze(2)"
                                + ".expand(x.dim(0), x.dim(2), times, x.dim(1), x.dim(3))"
                                + ".reshape(x.dim(0), heads, x.dim(2), x.dim(3)); } return x.unsqueeze(2)")
                .bug(
                        "The copies of one head are in reverse order of heads",
                        "return x.unsqueeze(2)",
                        "x = x.flip(1); return x.unsqueeze(2)")
                .bug(
                        "Only the first key head is used, as in multi-query attention",
                        "return x.unsqueeze(2)",
                        "x = x.slice(1, 0, 1).expand(x.dim(0), x.dim(1), x.dim(2), x.dim(3)); return x.unsqueeze(2)")
                .bug(
                        "The copies are cut from the graph: only the first of them passes its gradient back",
                        "return x.unsqueeze(2)",
                        "if (times > 1) { Tensor rest = x.detach().unsqueeze(2)"
                                + ".expand(x.dim(0), x.dim(1), times - 1, x.dim(2), x.dim(3));"
                                + " return Tensor.concat(2, x.unsqueeze(2), rest)"
                                + ".reshape(x.dim(0), heads, x.dim(2), x.dim(3)); } return x.unsqueeze(2)")
                .bug(
                        "Heads and tokens are mixed: the copies are put behind the tokens before reshaping",
                        "x.unsqueeze(2) // (B, K, 1, T, D)\n                .expand(x.dim(0), x.dim(1), times,"
                                + " x.dim(2), x.dim(3))",
                        "x.unsqueeze(3).expand(x.dim(0), x.dim(1), x.dim(2), times, x.dim(3))")
                .variant("head by head", """
                        Tensor[] copies = new Tensor[heads];
                        for (int h = 0; h < heads; h++) {
                            copies[h] = x.select(1, h / (heads / x.dim(1))); // (B, T, D)
                        }
                        return Tensor.stack(1, copies);
                        """)
                .variant("copies along the time, then cut", """
                        int times = heads / x.dim(1);
                        return x.repeat(1, 1, times, 1).reshape(x.dim(0), heads, x.dim(2), x.dim(3));
                        """)
                .hints(
                        "Where in the shape must a new axis of size H / K stand, so that its copies are neighbours"
                                + " once it is"
                                + " joined with the heads?",
                        "reshape joins (K, n) to K·n with n running fastest. unsqueeze makes the axis, expand its"
                                + " copies.",
                        "x.unsqueeze(2).expand(B, K, H / K, T, D).reshape(B, H, T, D).")
                .reading("The section \"Fewer keys\" of this lesson; Ainslie et al. 2023, section 2.2");
    }
}
