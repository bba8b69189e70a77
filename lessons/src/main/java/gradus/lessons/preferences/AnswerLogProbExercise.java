package gradus.lessons.preferences;

import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Trial;
import gradus.tensor.Tensor;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;

final class AnswerLogProbExercise {
    private static final double THREE = Math.log(3);
    private static final String MASKED = "each.mul(mask.slice(1, 1)).sum(1)";

    private AnswerLogProbExercise() {}

    static Exercise exercise() {
        return Exercise.of(AnswerLogProb.class, "The log-probability of an answer")
                .forbid("SequenceLogProbs", "TokenScores")
                .probe(
                        "a prompt of one token, an answer of one",
                        "the logits ln 3 and 0 make 3/4 and 1/4; the answer is token 1: ln 1/4 = -1.38629",
                        t -> t.call(
                                t.tensor(new double[] {THREE, 0, 5, -5}, 1, 2, 2),
                                ids(1, 2, 0, 1),
                                t.matrix(new double[] {0, 1})))
                .probe(
                        "an answer of two tokens",
                        "3/4 times 1/4: ln 3/16 = -1.67398. The last place predicts nothing",
                        t -> t.call(
                                t.tensor(new double[] {THREE, 0, 0, THREE, 9, -9}, 1, 3, 2),
                                ids(1, 3, 1, 0, 0),
                                t.matrix(new double[] {0, 1, 1})))
                .probe(
                        "a prompt of two tokens",
                        "that the prompt's second token was improbable does not count: ln 3/4 = -0.28768",
                        t -> t.call(
                                t.tensor(new double[] {8, 0, THREE, 0, 9, -9}, 1, 3, 2),
                                ids(1, 3, 0, 1, 0),
                                t.matrix(new double[] {0, 0, 1})))
                .probe(
                        "padding",
                        "it stands behind the answer and does not count: ln 3/4",
                        t -> t.call(
                                t.tensor(new double[] {THREE, 0, 0, 6, 2, 2}, 1, 3, 2),
                                ids(1, 3, 0, 0, 0),
                                t.matrix(new double[] {0, 1, 0})))
                .probe(
                        "a row without an answer",
                        "0, beside ln 3/4",
                        t -> t.call(
                                t.tensor(new double[] {THREE, 0, 1, 2, THREE, 0, 1, 2}, 2, 2, 2),
                                ids(2, 2, 0, 0, 1, 0),
                                t.matrix(new double[] {0, 0}, new double[] {0, 1})))
                .probe(
                        "answers of unequal length, with gradients",
                        "",
                        t -> of(t, 7, 5, 0b0011110, 0b0000110, 0b0111111))
                .probe("answers with gaps, with gradients", "", t -> of(t, 8, 4, 0b00110011, 0b01001010))
                .probe("large logits", "", t -> {
                    Tensor mask = mask(6, 0b001110, 0b000011);
                    return t.call(t.normal(2, 6, 5).mul(100), t.indices(5, 2, 6), mask);
                })
                .probe("many tokens", "", t -> of(t, 16, 11, 0b0000111111111100, 0b0011111111111111))
                .bug(
                        "The prompt is counted: it is the same in both answers of a pair, but the loss is not to learn it",
                        MASKED,
                        "each.mul(mask.flip(1).cumsum(1).flip(1).clamp(0, 1).slice(1, 1)).sum(1)")
                .bug("Padding is counted", MASKED, "each.mul(mask.cumsum(1).clamp(0, 1).slice(1, 1)).sum(1)")
                .bug("Prompt and padding are counted: there is no mask", MASKED, "each.sum(1)")
                .bug(
                        "It is the mean over the answer's tokens: a probability is a product, so its logarithm is a sum",
                        MASKED,
                        "each.mul(mask.slice(1, 1)).sum(1).div(mask.sum(1).clamp(1, Double.POSITIVE_INFINITY))")
                .bug(
                        "It is the mean over all places, prompt and padding included",
                        MASKED,
                        "each.mul(mask.slice(1, 1)).mean(1)")
                .bug(
                        "Nothing is shifted: the logits at a token are taken to predict that token",
                        "logits.slice(1, 0, places)",
                        "logits.slice(1, 1)")
                .bug(
                        "The mask is not shifted with the tokens: the prompt's last token counts, the answer's last not",
                        "mask.slice(1, 1)",
                        "mask.slice(1, 0, places)")
                .bug(
                        "Probabilities are added, not their logarithms",
                        "logits.slice(1, 0, places).logSoftmax()",
                        "logits.slice(1, 0, places).softmax()")
                .bug(
                        "The logits are added as they are, without the softmax",
                        "logits.slice(1, 0, places).logSoftmax()",
                        "logits.slice(1, 0, places)")
                .bug(
                        "The logarithm is taken after the softmax: what is rounded to 0 becomes -∞",
                        "logits.slice(1, 0, places).logSoftmax()",
                        "logits.slice(1, 0, places).softmax().log()")
                .bug(
                        "The sign is that of a loss: log-probabilities are at most 0",
                        MASKED,
                        "each.mul(mask.slice(1, 1)).sum(1).neg()")
                .bug(
                        "The likeliest token is counted, not the one that stands there",
                        "return each.mul",
                        "return logs.amax(2).mul")
                .bug(
                        "The tokens of the first row are taken for all",
                        "i / places * (places + 1) + i % places + 1",
                        "i % places + 1")
                .variant("token by token", """
                        int time = mask.dim(1);
                        Tensor[] rows = new Tensor[mask.dim(0)];
                        for (int row = 0; row < rows.length; row++) {
                            rows[row] = Tensor.zeros();
                            for (int t = 1; t < time; t++) {
                                if (mask.get(row, t) != 0) {
                                    Tensor before = logits.select(0, row).select(0, t - 1); // (V)
                                    Tensor own = before.select(0, ids.get(row * time + t));
                                    rows[row] = rows[row].add(own).sub(before.logSumExp(0));
                                }
                            }
                        }
                        return Tensor.stack(0, rows);
                        """)
                .variant("the chosen entries of all by a mask over the vocabulary", """
                        Tensor own = Tensor.oneHot(ids, logits.dim(2)).slice(1, 1); // (N, T-1, V)
                        Tensor wanted = own.mul(mask.slice(1, 1).unsqueeze(2)); // (N, T-1, V)
                        return logits.logSoftmax().slice(1, 0, mask.dim(1) - 1).mul(wanted).sum(2).sum(1);
                        """)
                .variant("logits less their log-sum", """
                        int rows = mask.dim(0);
                        int time = mask.dim(1);
                        Tensor before = logits.slice(1, 0, time - 1); // (N, T-1, V)
                        int[] tokens = new int[rows * (time - 1)];
                        for (int row = 0; row < rows; row++) {
                            System.arraycopy(ids.values(), row * time + 1, tokens, row * (time - 1), time - 1);
                        }
                        Tensor own = before.gather(2, Indices.of(Shape.of(rows, time - 1, 1), tokens)); // (N, T-1, 1)
                        Tensor each = own.sub(before.logSumExp(2, true)).reshape(rows, time - 1);
                        return each.maskedFill(mask.slice(1, 1).eq(0), 0).sum(-1);
                        """)
                .hints(
                        "The row has T tokens. How many of them are predicted, and by which places?",
                        "Take the logits without the last place and the tokens and the mask without the first one.",
                        "logits.slice(1, 0, T - 1).logSoftmax().gather(2, the next tokens as (N, T - 1, 1)).squeeze(2),"
                                + " times mask.slice(1, 1), and sum(1).")
                .reading("The section \"A whole answer\" of this lesson");
    }

    private static Indices ids(int rows, int time, int... values) {
        return Indices.of(Shape.of(rows, time), values);
    }

    /// Rows of bits, the first at the left.
    private static Tensor mask(int time, int... rows) {
        float[] mask = new float[rows.length * time];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = rows[i / time] >> (time - 1 - i % time) & 1;
        }
        return Tensor.of(mask, rows.length, time);
    }

    private static Object of(Trial t, int time, int vocabulary, int... rows) {
        Tensor logits = t.normal(rows.length, time, vocabulary).mul(2).requireGrad();
        Object result = t.call(logits, t.indices(vocabulary, rows.length, time), mask(time, rows));
        t.see("log-probabilities", result);
        if (result instanceof Tensor tensor) {
            t.gradients(tensor, logits);
        }
        return null;
    }
}
