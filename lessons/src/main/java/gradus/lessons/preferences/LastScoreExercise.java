package gradus.lessons.preferences;

import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Trial;
import gradus.tensor.Tensor;

final class LastScoreExercise {
    private static final String FOUND = "last[i / time] = i % time;";
    private static final String RESULT = "values.gather(1, Indices.of(Shape.of(last.length, 1), last)).squeeze(1)";

    private LastScoreExercise() {}

    static Exercise exercise() {
        return Exercise.of(LastScore.class, "The score at the last token")
                .probe(
                        "no padding",
                        "the last of three tokens has the number 5",
                        t -> t.call(t.matrix(new double[] {1, 3, 5}), t.matrix(new double[] {1, 1, 1})))
                .probe(
                        "padding behind",
                        "the second token is the last one: 3",
                        t -> t.call(t.matrix(new double[] {1, 3, 5, 7}), t.matrix(new double[] {1, 1, 0, 0})))
                .probe(
                        "padding before",
                        "the text has two tokens, and the last of them stands at the end: 7",
                        t -> t.call(t.matrix(new double[] {1, 3, 5, 7}), t.matrix(new double[] {0, 0, 1, 1})))
                .probe(
                        "texts of unequal length",
                        "the second row has one token, 2; the first has three, and ends with 6",
                        t -> t.call(
                                t.matrix(new double[] {4, 5, 6}, new double[] {2, 8, 9}),
                                t.matrix(new double[] {1, 1, 1}, new double[] {1, 0, 0})))
                .probe(
                        "NaN at padding",
                        "it stands behind the text, whose last number is 3; 0 times NaN would be NaN",
                        t -> t.call(t.matrix(new double[] {1, 3, Double.NaN}), t.matrix(new double[] {1, 1, 0})))
                .probe(
                        "one token alone",
                        "",
                        t -> t.call(t.tensor(new double[] {4}, 1, 1), t.tensor(new double[] {1}, 1, 1)))
                .probe("five texts, with gradients", "", t -> of(t, false, 8, 5, 8, 3, 1, 6))
                .probe("padding before, with gradients", "", t -> of(t, true, 9, 4, 9, 2, 7))
                .probe("both kinds of padding", "", t -> {
                    Tensor mask = Tensor.concat(0, mask(false, 6, 2, 4), mask(true, 6, 2, 4, 5));
                    return see(t, t.normal(5, 6), mask);
                })
                .bug(
                        "The score is taken at the last place, which is padding in shorter texts",
                        FOUND,
                        "last[i / time] = time - 1;")
                .bug(
                        "Tokens are counted, not placed: with padding before the text, that is too early",
                        FOUND,
                        "last[i / time] += i > 0 && i % time > 0 && real[i - 1] != 0 ? 1 : 0;")
                .bug(
                        "The text is taken to end before the first padding: with padding before it, that is nowhere",
                        "if (real[i] != 0) {",
                        "if (java.util.stream.IntStream.rangeClosed(i - i % time, i).allMatch(j -> real[j] != 0)) {")
                .bug(
                        "It is one place too early: that token has not read the last one",
                        FOUND,
                        "last[i / time] = Math.max(0, i % time - 1);")
                .bug(
                        "It is one place too late: there stands the first padding",
                        FOUND,
                        "last[i / time] = Math.min(time - 1, i % time + 1);")
                .bug(
                        "The score is taken at the first token, which has read nothing",
                        "if (real[i] != 0) {",
                        "if (real[i] != 0 && (i % time == 0 || real[i - 1] == 0)) {")
                .bug(
                        "The length of the first text is taken for all",
                        RESULT,
                        "values.gather(1, Indices.of(Shape.of(last.length, 1), java.util.Arrays.stream(last).map(x ->"
                                + " last[0]).toArray())).squeeze(1)")
                .bug(
                        "The place of the longest text's end is taken for all",
                        RESULT,
                        "values.gather(1, Indices.of(Shape.of(last.length, 1), java.util.Arrays.stream(last).map(x ->"
                                + " java.util.Arrays.stream(last).max().orElse(0)).toArray())).squeeze(1)")
                .bug(
                        "It is the mean over the tokens",
                        RESULT,
                        "values.maskedFill(mask.eq(0), 0).sum(1).div(mask.sum(1))")
                .bug("It is the sum over the tokens", RESULT, "values.maskedFill(mask.eq(0), 0).sum(1)")
                .bug(
                        "It is the largest number of the text",
                        RESULT,
                        "values.maskedFill(mask.eq(0), Double.NEGATIVE_INFINITY).amax(1)")
                .bug(
                        "Padding is multiplied by 0 and added: where it is NaN, so is the score",
                        RESULT,
                        "values.mul(Tensor.oneHot(Indices.of(last), time)).sum(1)")
                .bug(
                        "The score is cut off from the gradients: the model learns nothing",
                        RESULT,
                        "values.detach().gather(1, Indices.of(Shape.of(last.length, 1), last)).squeeze(1)")
                .variant("row by row, from the end", """
                        Tensor[] scores = new Tensor[mask.dim(0)];
                        for (int row = 0; row < scores.length; row++) {
                            int place = mask.dim(1) - 1;
                            while (mask.get(row, place) == 0) {
                                place--;
                            }
                            scores[row] = values.select(0, row).select(0, place);
                        }
                        return Tensor.stack(0, scores);
                        """)
                .variant("no token follows", """
                        Tensor following = mask.flip(1).cumsum(1).flip(1); // this token and those behind it
                        Tensor here = mask.mul(following.eq(1)); // (N, T)
                        return values.maskedFill(here.eq(0), 0).sum(-1);
                        """)
                .hints(
                        "Which place of a row is the last with a 1 in its mask? Try a row with padding before the text.",
                        "Go through a row and keep the place of every 1: the one that is kept at the end is the last.",
                        "int[] last with last[i / time] = i % time where the mask is 1; then values.gather(1, Indices of"
                                + " shape (N, 1)).squeeze(1).")
                .reading("The section \"Where the score stands\" of this lesson");
    }

    /// Rows of some lengths.
    private static Tensor mask(boolean before, int time, int... lengths) {
        float[] mask = new float[lengths.length * time];
        for (int i = 0; i < mask.length; i++) {
            int place = before ? time - 1 - i % time : i % time;
            mask[i] = place < lengths[i / time] ? 1 : 0;
        }
        return Tensor.of(mask, lengths.length, time);
    }

    private static Object of(Trial t, boolean before, int time, int... lengths) {
        return see(t, t.normal(lengths.length, time), mask(before, time, lengths));
    }

    private static Object see(Trial t, Tensor values, Tensor mask) {
        values.requireGrad();
        Object scores = t.call(values, mask);
        t.see("scores", scores);
        if (scores instanceof Tensor tensor) {
            t.gradients(tensor, values);
        }
        return null;
    }
}
