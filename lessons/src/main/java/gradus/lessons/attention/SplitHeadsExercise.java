package gradus.lessons.attention;

import gradus.lessons.learn.exercise.Exercise;

final class SplitHeadsExercise {
    private SplitHeadsExercise() {}

    static Exercise exercise() {
        return Exercise.of(SplitHeads.class, "Split heads")
                .probe(
                        "two tokens, two heads of one number",
                        "tokens (1, 2) and (3, 4): head 0 gets 1 and 3, head 1 gets 2 and 4",
                        t -> t.call(t.tensor(new double[] {1, 2, 3, 4}, 1, 2, 2), 2))
                .probe(
                        "two tokens, two heads of two numbers",
                        "tokens (1, 2, 3, 4) and (5, 6, 7, 8): head 0 gets (1, 2) and (5, 6), head 1 (3, 4) and (7, 8)",
                        t -> t.call(t.tensor(new double[] {1, 2, 3, 4, 5, 6, 7, 8}, 1, 2, 4), 2))
                .probe(
                        "one head",
                        "nothing but a new axis: (1, 1, 2, 3)",
                        t -> t.call(t.tensor(new double[] {1, 2, 3, 4, 5, 6}, 1, 2, 3), 1))
                .probe("one token", "", t -> t.call(t.normal(2, 1, 6), 3))
                .probe("two sequences, three heads, five tokens", "", t -> t.call(t.normal(2, 5, 12), 3))
                .probe("as many tokens as heads", "", t -> t.call(t.normal(3, 4, 8), 4))
                .probe("with gradients", "", t -> t.callWithGradients(t.normal(2, 3, 10), 5))
                .bug(
                        "Reshaped to (B, H, T, D) without transposing: a head gets whole tokens, not a piece of each",
                        ".reshape(x.dim(0), x.dim(1), heads, size) // (B, T, H, D)\n                .transpose(1, 2);",
                        ".reshape(x.dim(0), heads, x.dim(1), size);")
                .bug(
                        "Heads and head size are exchanged: head h gets every H-th number, not D neighbours",
                        ".reshape(x.dim(0), x.dim(1), heads, size) // (B, T, H, D)\n                .transpose(1, 2);",
                        ".reshape(x.dim(0), x.dim(1), size, heads).permute(0, 3, 1, 2);")
                .bug(
                        "The transpose is missing: the result is (B, T, H, D)",
                        "                .transpose(1, 2); // (B, H, T, D)",
                        ";")
                .bug(
                        "The wrong axes are transposed: the result is (B, T, D, H)",
                        ".transpose(1, 2)",
                        ".transpose(2, 3)")
                .bug(
                        "The heads stand before the sequences: the result is (H, B, T, D)",
                        ".transpose(1, 2)",
                        ".permute(2, 0, 1, 3)")
                .bug("The heads stand in reverse order", ".transpose(1, 2)", ".flip(2).transpose(1, 2)")
                .variant("slices, stacked", """
                        int size = x.dim(2) / heads;
                        Tensor[] parts = new Tensor[heads];
                        for (int h = 0; h < heads; h++) {
                            parts[h] = x.slice(2, h * size, (h + 1) * size); // (B, T, D)
                        }
                        return Tensor.stack(1, parts); // (B, H, T, D)
                        """)
                .variant("permute, sequence and time as one axis", """
                        int batch = x.dim(0);
                        int time = x.dim(1);
                        int size = x.dim(-1) / heads;
                        return x.reshape(batch * time, heads, size) // (B·T, H, D)
                                .transpose(0, 1) // (H, B·T, D)
                                .reshape(heads, batch, time, size)
                                .permute(1, 0, 2, 3);
                        """)
                .hints(
                        "In x, what stands next to each other in memory: the numbers of one head of one token, or of"
                                + " one"
                                + " head of many tokens?",
                        "reshape never moves a number. First cut only the last axis in two, then move an axis.",
                        "x.reshape(B, T, heads, C / heads).transpose(1, 2).")
                .reading("The section \"Many heads\" of this lesson");
    }
}
