package gradus.lessons.attention;

import gradus.lessons.learn.exercise.Exercise;

final class MergeHeadsExercise {
    private MergeHeadsExercise() {}

    static Exercise exercise() {
        return Exercise.of(MergeHeads.class, "Merge heads")
                .probe(
                        "two heads of one number, two tokens",
                        "head 0 holds 1 and 3, head 1 holds 2 and 4: the tokens are (1, 2) and (3, 4)",
                        t -> t.call(t.tensor(new double[] {1, 3, 2, 4}, 1, 2, 2, 1)))
                .probe(
                        "two heads of two numbers, two tokens",
                        "token 0 is (1, 2) from head 0 and (3, 4) from head 1; token 1 is (5, 6, 7, 8)",
                        t -> t.call(t.tensor(new double[] {1, 2, 5, 6, 3, 4, 7, 8}, 1, 2, 2, 2)))
                .probe("one head", "the axis of heads goes", t -> t.call(t.normal(2, 1, 3, 2)))
                .probe("one token", "", t -> t.call(t.normal(2, 3, 1, 2)))
                .probe("two sequences, three heads, five tokens", "", t -> t.call(t.normal(2, 3, 5, 4)))
                .probe("as many tokens as heads", "", t -> t.call(t.normal(3, 4, 4, 2)))
                .probe("with gradients", "", t -> t.callWithGradients(t.normal(2, 5, 3, 2)))
                .bug(
                        "Reshaped without transposing: a token gets numbers of other tokens",
                        "x.transpose(1, 2) // (B, T, H, D)",
                        "x")
                .bug(
                        "The numbers of the heads alternate: head 0, head 1, …, then the next number of each",
                        "x.transpose(1, 2) // (B, T, H, D)",
                        "x.permute(0, 2, 3, 1)")
                .bug(
                        "Heads and head size are exchanged: the wrong axis goes beside the time",
                        "x.transpose(1, 2) // (B, T, H, D)",
                        "x.transpose(1, 3)")
                .bug(
                        "The sum over the heads is taken: they are to stand side by side",
                        ".reshape(x.dim(0), x.dim(2), x.dim(1) * x.dim(3))",
                        ".sum(2)")
                .bug("The heads stand in reverse order", "x.transpose(1, 2)", "x.flip(1).transpose(1, 2)")
                .variant("the heads, concatenated", """
                        Tensor[] heads = new Tensor[x.dim(1)];
                        for (int h = 0; h < heads.length; h++) {
                            heads[h] = x.select(1, h); // (B, T, D)
                        }
                        return Tensor.concat(2, heads); // (B, T, H·D)
                        """)
                .variant("by permute and a size of -1", """
                        int width = x.size() / (x.dim(0) * x.dim(2));
                        return x.permute(0, 2, 1, 3).reshape(x.dim(0), x.dim(2), width);
                        """)
                .hints(
                        "Which two axes must stand next to each other, in which order, before they can become one?",
                        "reshape joins neighbouring axes: bring (B, H, T, D) to (B, T, H, D) first.",
                        "x.transpose(1, 2).reshape(B, T, H * D).")
                .reading("The section \"Many heads\" of this lesson");
    }
}
