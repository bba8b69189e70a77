package gradus.lessons.instructions;

import gradus.lessons.learn.exercise.Exercise;

final class PackedMaskExercise {
    private PackedMaskExercise() {}

    static Exercise exercise() {
        return Exercise.of(PackedMask.class, "A mask that does not cross")
                .probe(
                        "two conversations of one token",
                        "each sees itself: the identity",
                        t -> t.call(new int[] {1, 1}, 2))
                .probe(
                        "one conversation that fills the row",
                        "the causal mask: 1 0 0 / 1 1 0 / 1 1 1",
                        t -> t.call(new int[] {3}, 3))
                .probe(
                        "two and one",
                        "the third token begins anew: 1 0 0 / 1 1 0 / 0 0 1",
                        t -> t.call(new int[] {2, 1}, 3))
                .probe(
                        "padding",
                        "two tokens, then two places of padding: 1 0 0 0 / 1 1 0 0 / 0 0 1 0 / 0 0 0 1",
                        t -> t.call(new int[] {2}, 4))
                .probe("no conversation", "padding alone: the identity", t -> t.call(new int[0], 3))
                .probe("three conversations and padding", "", t -> t.call(new int[] {3, 1, 4}, 11))
                .probe("unequal lengths, a full row", "", t -> t.call(new int[] {2, 5, 2}, 9))
                .bug(
                        "Conversations see the ones before them in the row: the mask crosses their borders",
                        "int first = which < lengths.length ? start : i;",
                        "int first = which < lengths.length ? 0 : i;")
                .bug(
                        "A conversation sees all of itself, also what comes later",
                        "j <= i;",
                        "j < (which < lengths.length ? start + lengths[which] : i + 1);")
                .bug("A token does not see itself", "j <= i;", "j < i;")
                .bug(
                        "Places of the padding see nothing: a softmax over nothing is NaN",
                        "? start : i;",
                        "? start : i + 1;")
                .bug("Places of the padding see each other", "? start : i;", "? start : start;")
                .bug("Places of the padding see the whole row before them", "? start : i;", "? start : 0;")
                .bug(
                        "The border is one place late: the first token of a conversation sees the one before",
                        "i == start + lengths[which]",
                        "i == start + lengths[which] + (which == 0 ? 1 : 0)")
                .bug("Rows are keys and columns are queries", "seen[i * width + j]", "seen[j * width + i]")
                .bug(
                        "What is hidden is 1 and what is seen 0",
                        "return Tensor.of(seen, width, width);",
                        "return Tensor.of(seen, width, width).eq(0);")
                .bug(
                        "All conversations are taken to be as long as the first",
                        "i == start + lengths[which]",
                        "i == start + lengths[0]")
                .variant("by the number of the conversation", """
                        int[] of = new int[width];
                        java.util.Arrays.setAll(of, i -> -1 - i);
                        int at = 0;
                        for (int c = 0; c < lengths.length; c++) {
                            for (int k = 0; k < lengths[c]; k++) {
                                of[at++] = c;
                            }
                        }
                        float[][] seen = new float[width][width];
                        for (int p = 0; p < width * width; p++) {
                            int query = p / width;
                            int key = p % width;
                            seen[query][key] = key <= query && of[query] == of[key] ? 1 : 0;
                        }
                        return Tensor.of(seen);
                        """)
                .variant("a triangle for each", """
                        Tensor mask = Tensor.eye(width);
                        int at = 0;
                        for (int length : lengths) {
                            Tensor inside = Tensor.arange(width).ge(at).mul(Tensor.arange(width).lt(at + length));
                            Tensor both = inside.unsqueeze(1).mul(inside); // (width, width)
                            mask = mask.maximum(both.tril());
                            at += length;
                        }
                        return mask;
                        """)
                .hints(
                        "With the lengths 2 and 1: which keys may the third token see?",
                        "For each place i find where its conversation starts; it sees the places from there to i.",
                        "1 where start(i) <= j && j <= i; in the padding start(i) is i itself.")
                .reading("The section \"Several in one row\" of this lesson");
    }
}
