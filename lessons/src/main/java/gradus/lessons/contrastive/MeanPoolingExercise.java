package gradus.lessons.contrastive;

import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Trial;
import gradus.tensor.Tensor;

final class MeanPoolingExercise {
    private MeanPoolingExercise() {}

    static Exercise exercise() {
        return Exercise.of(MeanPooling.class, "The mean of a text's tokens")
                .forbid("meanPool", "pooled")
                .probe(
                        "two tokens, no padding",
                        "(1 + 3)/2 = 2 and (10 + 30)/2 = 20",
                        t -> t.call(t.tensor(new double[] {1, 10, 3, 30}, 1, 2, 2), t.matrix(new double[] {1, 1})))
                .probe(
                        "one token and padding of 900",
                        "the padding does not count: 4, and not 904/2 or 4/2",
                        t -> t.call(t.tensor(new double[] {4, 900}, 1, 2, 1), t.matrix(new double[] {1, 0})))
                .probe(
                        "padding in front",
                        "tokenizers pad on the left too: (3 + 5)/2 = 4",
                        t -> t.call(t.tensor(new double[] {900, 3, 5}, 1, 3, 1), t.matrix(new double[] {0, 1, 1})))
                .probe(
                        "two texts of unlike lengths",
                        "each has its own count: (2 + 4)/2 = 3 and 7/1 = 7",
                        t -> t.call(
                                t.tensor(new double[] {2, 4, 7, 100}, 2, 2, 1),
                                t.matrix(new double[] {1, 1}, new double[] {1, 0})))
                .probe(
                        "a text without tokens",
                        "zeros: there is nothing to divide by",
                        t -> t.call(
                                t.tensor(new double[] {5, 6, 7, 8}, 2, 2, 1),
                                t.matrix(new double[] {0, 0}, new double[] {1, 1})))
                .probe(
                        "a mean below 0 and a token of zeros",
                        "(−6 + 0)/2 = −3: a vector of zeros is a token like others",
                        t -> t.call(t.tensor(new double[] {-6, 0, 50}, 1, 3, 1), t.matrix(new double[] {1, 1, 0})))
                .probe("three random texts", "", t -> t.call(t.normal(3, 5, 4), lengths(t, 5, 2, 5, 3)))
                .probe("as many tokens as numbers a token", "", t -> t.call(t.normal(2, 3, 3), lengths(t, 3, 1, 2)))
                .probe("with gradients", "a padded vector gets none", MeanPoolingExercise::gradients)
                .bug(
                        "Padding counts: the mask is not used",
                        "return states.mul(kept).sum(1).div(counts);",
                        "return states.mean(1);")
                .bug(
                        "The sum is divided by the padded length T, not by the number of tokens",
                        "Tensor counts = kept.sum(1).clamp(1, Double.POSITIVE_INFINITY);",
                        "double counts = states.dim(1);")
                .bug("The vectors are summed, not averaged", ".sum(1).div(counts)", ".sum(1)")
                .bug("A text without tokens becomes NaN: 0 is divided by 0", ".clamp(1, Double.POSITIVE_INFINITY)", "")
                .bug(
                        "Padding is added to the sum, and only the count leaves it out",
                        "states.mul(kept).sum(1)",
                        "states.sum(1)")
                .bug(
                        "All texts of the batch are divided by the same count",
                        "Tensor counts = kept.sum(1)",
                        "Tensor counts = kept.sum(1).mean()")
                .bug(
                        "The count is one too many",
                        "kept.sum(1).clamp(1, Double.POSITIVE_INFINITY)",
                        "kept.sum(1).add(1)")
                .bug(
                        "The largest number of the tokens is taken, not their mean",
                        "states.mul(kept).sum(1).div(counts)",
                        "states.mul(kept).amax(1)")
                .bug(
                        "Only the first vector is looked at, as if it stood for the text",
                        "states.mul(kept).sum(1).div(counts)",
                        "states.mul(kept).select(1, 0)")
                .bug(
                        "The mask is turned round: what is kept is the padding",
                        "Tensor kept = mask.unsqueeze(2);",
                        "Tensor kept = mask.neg().add(1).unsqueeze(2);")
                .variant("as a product of matrices", """
                        int texts = mask.dim(0);
                        Tensor weights = mask.div(mask.sum(1, true).maximum(Tensor.onesLike(mask.sum(1, true)))); // (B, T)
                        return weights.reshape(texts, 1, -1).matmul(states).reshape(texts, -1); // (B, C)
                        """)
                .variant("text by text", """
                        Tensor[] means = new Tensor[states.dim(0)];
                        for (int b = 0; b < means.length; b++) {
                            Tensor row = mask.select(0, b); // (T)
                            double count = row.sum().item();
                            Tensor sum = row.reshape(1, -1).matmul(states.select(0, b)).reshape(-1); // (C)
                            means[b] = count == 0 ? sum : sum.mul(1 / count);
                        }
                        return Tensor.stack(0, means);
                        """)
                .hints(
                        "A sum over the tokens and a count of them. What must become of the vectors of padding before they"
                                + " are added up?",
                        "mask.unsqueeze(2) has the shape (B, T, 1): multiplied by it, padding becomes 0. Summed over T it"
                                + " is the count of each text.",
                        "states.mul(kept).sum(1).div(kept.sum(1).clamp(1, Double.POSITIVE_INFINITY)).")
                .reading("The section \"One vector for a text\" of this lesson; Reimers & Gurevych 2019, section 3");
    }

    private static Object gradients(Trial t) {
        Tensor states = t.normal(2, 4, 3).requireGrad();
        Object means = t.call(states, lengths(t, 4, 3, 1));
        t.see("result", means);
        if (means instanceof Tensor tensor) {
            t.gradients(tensor, states);
        }
        return null;
    }

    /// A mask of texts that have so many tokens, padding behind them.
    private static Tensor lengths(Trial t, int time, int... tokens) {
        double[][] rows = new double[tokens.length][time];
        for (int b = 0; b < tokens.length; b++) {
            java.util.Arrays.fill(rows[b], 0, tokens[b], 1);
        }
        return t.matrix(rows);
    }
}
