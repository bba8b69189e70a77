package gradus.lessons.experts;

import gradus.lessons.learn.exercise.Exercise;

final class SwitchBalanceExercise {
    private SwitchBalanceExercise() {}

    static Exercise exercise() {
        return Exercise.of(SwitchBalance.class, "The balance loss")
                .probe(
                        "one token, two experts",
                        "The scores 0 and ln 3: probabilities 1/4 and 3/4, and the token goes to expert 1, so f = 0, 1:"
                                + " 2·(0·1/4 + 1·3/4) = 1.5",
                        t -> t.call(t.matrix(new double[] {0, Math.log(3)})))
                .probe(
                        "two tokens, in balance",
                        "f = 1/2, 1/2 and P = 1/2, 1/2: 2·(1/4 + 1/4) = 1",
                        t -> t.call(t.matrix(new double[] {0, Math.log(3)}, new double[] {Math.log(3), 0})))
                .probe(
                        "two tokens, both to expert 1 of three",
                        "f = 0, 1, 0; P₁ is the mean of 3/5 and 7/9",
                        t -> t.call(
                                t.matrix(new double[] {0, Math.log(3), 0.0001}, new double[] {0, Math.log(7), 0.0001})))
                .probe(
                        "everything to one of four",
                        "f and P are nearly 1, 0, 0, 0: nearly 4",
                        t -> t.call(t.matrix(
                                new double[] {20, 1, 2, 3}, new double[] {30, 3, 2, 1}, new double[] {25, 0, 9, 1})))
                .probe("seven tokens, five experts, and gradients", "", t -> t.callWithGradients(t.normal(7, 5)))
                .probe(
                        "four tokens, six experts, and gradients",
                        "",
                        t -> t.callWithGradients(t.normal(4, 6).mul(3)))
                .bug(
                        "The factor E is missing, or a mean over the experts stands for their sum: balance gives"
                                + " 1/E, and should give 1",
                        ".mul(experts)",
                        "")
                .bug(
                        "f is the mean probability too, and so has a gradient: the loss is E·Σ P²",
                        "Tensor f = chosen.mean(0)",
                        "Tensor f = logits.softmax().mean(0)")
                .bug(
                        "P is the fraction of tokens too: the loss has no gradient",
                        "Tensor p = logits.softmax().mean(0)",
                        "Tensor p = chosen.mean(0)")
                .bug(
                        "f or P is a sum over the tokens, and should be a mean: the loss grows with the number of"
                                + " tokens",
                        "chosen.mean(0)",
                        "chosen.sum(0)")
                .bug(
                        "The factor is the number of tokens, and should be that of experts",
                        ".mul(experts)",
                        ".mul(logits.dim(0))")
                .bug(
                        "The softmax goes over the tokens, and should go over the experts",
                        "logits.softmax()",
                        "logits.softmax(0)")
                .bug(
                        "f and P are multiplied for each token, and the mean comes too late",
                        "f.mul(p).sum().mul(experts)",
                        "chosen.mul(logits.softmax()).mean(0).sum().mul(experts)")
                .bug("Tokens are counted where their score is lowest", "argmax(1)", "argmin(1)")
                .bug("P is cut off from the gradient", "logits.softmax().mean(0)", "logits.detach().softmax().mean(0)")
                .bug(
                        "Perfect balance is taken off: it is 0 there, and should be 1",
                        ".mul(experts)",
                        ".mul(experts).sub(1)")
                .variant("counted by loops", """
                        int tokens = logits.dim(0);
                        int experts = logits.dim(1);
                        double[] scores = logits.toArray();
                        float[] counts = new float[experts];
                        for (int n = 0; n < tokens; n++) {
                            int best = 0;
                            for (int e = 1; e < experts; e++) {
                                if (scores[n * experts + e] > scores[n * experts + best]) {
                                    best = e;
                                }
                            }
                            counts[best]++;
                        }
                        Tensor sums = logits.logSoftmax().exp().sum(0);
                        return sums.mul(Tensor.of(counts, experts)).sum().mul((double) experts / tokens / tokens);
                        """)
                .variant("expert by expert", """
                        Tensor p = logits.softmax();
                        Tensor highest = p.detach().amax(1, true);
                        Tensor total = Tensor.scalar(0);
                        for (int e = 0; e < logits.dim(1); e++) {
                            Tensor mine = p.slice(1, e, e + 1);
                            double f = mine.detach().eq(highest).mean().item();
                            total = total.add(mine.mean().mul(f * logits.dim(1)));
                        }
                        return total;
                        """)
                .hints(
                        "Which of f and P changes a little when a score changes a little?",
                        "f is the mean over the tokens of rows with a single 1 (Tensor.oneHot of the argmax); P"
                                + " is the mean"
                                + " over the tokens of the softmax.",
                        "f.mul(p).sum().mul(E), f = Tensor.oneHot(logits.detach().argmax(1), E).mean(0).")
                .reading("The section \"Balance\" of this lesson; Fedus, Zoph & Shazeer 2021, equation 4");
    }
}
