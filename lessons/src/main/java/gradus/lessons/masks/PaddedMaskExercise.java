package gradus.lessons.masks;

import gradus.lessons.learn.exercise.Exercise;

final class PaddedMaskExercise {
    private PaddedMaskExercise() {}

    static Exercise exercise() {
        return Exercise.of(PaddedMask.class, "Causal and padded in one mask")
                .probe(
                        "one text of two tokens in three places",
                        "rows 1 0 0, then 1 1 0, and the padding query 1 1 0",
                        t -> t.call(new int[] {2}, 3))
                .probe("a text without padding", "the causal mask", t -> t.call(new int[] {3}, 3))
                .probe(
                        "two texts",
                        "the second has one token: each of its queries sees key 0 and no other",
                        t -> t.call(new int[] {3, 1}, 3))
                .probe(
                        "an empty text beside a full one",
                        "no query of the empty text sees any key",
                        t -> t.call(new int[] {0, 2}, 2))
                .probe("as many texts as places", "", t -> t.call(new int[] {1, 4, 2, 3}, 4))
                .probe("texts of unequal length", "", t -> t.call(new int[] {5, 7, 1, 6, 3}, 7))
                .bug("The padding is not hidden", "j <= i && j < lengths[b]", "j <= i")
                .bug(
                        "The mask is not causal: a token sees those that follow",
                        "j <= i && j < lengths[b]",
                        "j < lengths[b]")
                .bug(
                        "One padding key is seen: the key at place `length` is padding already",
                        "j < lengths[b]",
                        "j <= lengths[b]")
                .bug(
                        "The last token of each text is hidden as if it were padding",
                        "j < lengths[b]",
                        "j < lengths[b] - 1")
                .bug("A token does not see itself", "j <= i", "j < i")
                .bug("Every text gets the length of the first", "lengths[b]", "lengths[0]")
                .bug(
                        "The padding is looked for at the left",
                        "seen[(b * time + i) * time + j] = 1;",
                        "seen[(b * time + i) * time + j] = 0;"
                                + " } for (int j = time - lengths[b]; j <= i; j++) {"
                                + " seen[(b * time + i) * time + j] = 1;")
                .bug(
                        "Padding queries are hidden: their rows are zero, and should see all tokens of their text",
                        "j <= i && j < lengths[b]",
                        "j <= i && i < lengths[b]")
                .bug(
                        "The result is (B, T, T), which would broadcast texts over heads: the axis of size 1 is"
                                + " missing",
                        "Tensor.of(seen, lengths.length, 1, time, time)",
                        "Tensor.of(seen, lengths.length, time, time)")
                .variant("two masks multiplied", """
                        double[] limits = java.util.Arrays.stream(lengths).asDoubleStream().toArray();
                        float[] narrow = new float[limits.length];
                        for (int b = 0; b < narrow.length; b++) {
                            narrow[b] = (float) limits[b];
                        }
                        Tensor real = Tensor.arange(time).lt(Tensor.of(narrow, narrow.length, 1, 1, 1)); // (B, 1, 1, T)
                        return real.mul(Tensor.ones(time, time).tril()); // (B, 1, T, T)
                        """)
                .variant("text by text, cut and padded", """
                        Tensor[] texts = new Tensor[lengths.length];
                        for (int b = 0; b < texts.length; b++) {
                            float[] row = new float[time];
                            for (int j = 0; j < lengths[b]; j++) {
                                row[j] = 1;
                            }
                            texts[b] = Tensor.ones(1, time, time).tril().minimum(Tensor.of(row, 1, 1, time));
                        }
                        return Tensor.stack(0, texts);
                        """)
                .hints(
                        "Two reasons can hide a key from a query. Which of the two depends on the text, which on the"
                                + " query?",
                        "Key j is seen if j <= i (causal) and j < lengths[b] (not padding).",
                        "seen[(b * time + i) * time + j] = j <= i && j < lengths[b] ? 1 : 0, as Tensor.of(seen, B,"
                                + " 1, T, T).")
                .reading("The section \"Padding\" of this lesson");
    }
}
