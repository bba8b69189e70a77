package gradus.lessons.grpo;

import gradus.lessons.learn.exercise.Bug;
import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Trial;
import gradus.tensor.Tensor;
import java.util.List;

final class TokenLossExercise {
    private static final String GRPO = "own.sum(1).div(lengths.clamp(1, mask.dim(1))).mean()";
    private static final String BNPO = "own.sum().div(Math.max(1, mask.sum().item()))";
    private static final String DR_GRPO = "own.sum().div((double) mask.dim(0) * maxLength)";

    private TokenLossExercise() {}

    static Exercise exercise() {
        return Exercise.of(TokenLoss.class, "From tokens to a loss, in four ways")
                .forbid("Aggregation")
                .probe(
                        "grpo, a short and a long answer",
                        "the means are 4 and 1, and their mean 2.5: the one token of the first counts as much as the three"
                                + " of the second",
                        t -> small(t, "grpo"))
                .probe("bnpo, the same", "(4 + 3)/4 tokens = 1.75", t -> small(t, "bnpo"))
                .probe("dr_grpo, the same", "(4 + 3)/(2 answers of at most 10 tokens) = 0.35", t -> small(t, "dr_grpo"))
                .probe("dapo, the same", "(4 + 3)/(14 tokens of the step) = 0.5", t -> small(t, "dapo"))
                .probe("an answer without tokens", "", t -> {
                    for (String type : List.of("grpo", "bnpo", "dr_grpo", "dapo")) {
                        Tensor losses = t.matrix(new double[] {6, 9}, new double[] {9, 9}, new double[] {2, 4});
                        Tensor mask = t.matrix(new double[] {1, 0}, new double[] {0, 0}, new double[] {1, 1});
                        t.see(type, t.call(losses, mask, type, 5, 8.0));
                    }
                    return null;
                })
                .probe("one token in all", "grpo 3/2, bnpo 3/1, dr_grpo 3/(2·5), dapo 3/8", t -> {
                    for (String type : List.of("grpo", "bnpo", "dr_grpo", "dapo")) {
                        Tensor mask = t.matrix(new double[] {1, 0}, new double[] {0, 0});
                        t.see(type, t.call(Tensor.full(3, 2, 2), mask, type, 5, 8.0));
                    }
                    return null;
                })
                .probe("a batch without tokens", "0, and not NaN", t -> {
                    for (String type : List.of("grpo", "bnpo", "dr_grpo", "dapo")) {
                        t.see(type, t.call(Tensor.ones(2, 3), Tensor.zeros(2, 3), type, 5, 8.0));
                    }
                    return null;
                })
                .probe("grpo, with gradients", "", t -> of(t, "grpo", 7, 5, 2, 0, 7))
                .probe("bnpo, with gradients", "", t -> of(t, "bnpo", 7, 5, 2, 0, 7))
                .probe("dr_grpo, with gradients", "", t -> of(t, "dr_grpo", 7, 5, 2, 3))
                .probe("dapo, with gradients", "", t -> of(t, "dapo", 7, 5, 2, 3))
                .bug(Bug.of("Padding is counted: there is no mask")
                        .replacing("losses.mul(mask)", "losses")
                        .replacing("mask.sum(1);", "Tensor.full(mask.dim(1), mask.dim(0));")
                        .replacing("Math.max(1, mask.sum().item())", "mask.size()"))
                .bug(
                        "The mask is missing in the sums: lengths are right, but the losses at padding are added",
                        "losses.mul(mask)",
                        "losses")
                .bug("grpo divides by T, padding included, not by the answer's own length", GRPO, "own.mean(1).mean()")
                .bug(
                        "grpo is the mean over all tokens, as bnpo",
                        GRPO,
                        "own.sum().div(Math.max(1, mask.sum().item()) )")
                .bug(
                        "grpo takes the mean of the answers with tokens only: an empty one is still one of N",
                        GRPO,
                        "own.sum(1).div(lengths.clamp(1, mask.dim(1))).sum().div(lengths.gt(0).sum().clamp(1,"
                                + " mask.dim(0)))")
                .bug("grpo adds the answers' means up", GRPO, "own.sum(1).div(lengths.clamp(1, mask.dim(1))).sum()")
                .bug("grpo does not divide by the length at all", GRPO, "own.sum(1).mean()")
                .bug("An answer without tokens makes grpo NaN", "lengths.clamp(1, mask.dim(1))", "lengths")
                .bug("A batch without tokens makes bnpo NaN", BNPO, "own.sum().div(mask.sum())")
                .bug(
                        "bnpo is the mean of the answers' means, as grpo",
                        BNPO,
                        "own.sum(1).div(lengths.clamp(1, mask.dim(1)) ).mean()")
                .bug(
                        "dr_grpo divides by the length T of this batch: T changes from batch to batch",
                        DR_GRPO,
                        "own.sum().div((double) mask.dim(0) * mask.dim(1))")
                .bug(
                        "dr_grpo divides by the longest answer of this batch",
                        DR_GRPO,
                        "own.sum().div(lengths.max().mul(mask.dim(0)).clamp(1, mask.size()))")
                .bug("dr_grpo does not divide by N", DR_GRPO, "own.sum().div(maxLength)")
                .bug("dr_grpo does not divide by maxLength", DR_GRPO, "own.sum().div(mask.dim(0))")
                .bug(
                        "dapo divides by the tokens of this batch: the parts of a step no longer add up to its mean",
                        "own.sum().div(stepTokens)",
                        "own.sum().div(Math.max(1, mask.sum().item()) )")
                .bug(
                        "dapo divides by N as well",
                        "own.sum().div(stepTokens)",
                        "own.sum().div(stepTokens).div(mask.dim(0))")
                .bug("The sign is changed: losses stay losses", "losses.mul(mask)", "losses.mul(mask).neg()")
                .variant("a weight for each token", """
                        Tensor lengths = mask.sum(1, true).clamp(1, Double.POSITIVE_INFINITY); // (N, 1)
                        double tokens = mask.sum().item();
                        Tensor weights = mask;
                        if (type.equals("grpo")) {
                            weights = mask.div(lengths).div(mask.dim(0));
                        } else if (type.equals("bnpo")) {
                            weights = tokens == 0 ? mask : mask.mul(1 / tokens);
                        } else if (type.equals("dr_grpo")) {
                            weights = mask.mul(1.0 / maxLength).div(mask.dim(0));
                        } else {
                            weights = mask.div(stepTokens);
                        }
                        return weights.mul(losses).sum();
                        """)
                .variant("answer by answer", """
                        Tensor total = Tensor.zeros(1);
                        for (int i = 0; i < losses.dim(0); i++) {
                            Tensor row = losses.select(0, i).maskedFill(mask.select(0, i).eq(0), 0); // (T)
                            double length = mask.select(0, i).sum().item();
                            boolean mean = type.equals("grpo") && length > 0;
                            total = total.add(row.sum().div(mean ? length : 1));
                        }
                        double parts = switch (type) {
                            case "grpo" -> losses.dim(0);
                            case "bnpo" -> Math.max(1, mask.sum().item());
                            case "dr_grpo" -> (double) losses.dim(0) * maxLength;
                            default -> stepTokens;
                        };
                        return total.sum().div(parts);
                        """)
                .hints(
                        "What is divided by before the answers are added up, and what behind?",
                        "Only grpo needs a sum for each answer; the three others are one sum over all tokens divided by a"
                                + " number.",
                        "own = losses.mul(mask); grpo: own.sum(1).div(lengths, at least 1).mean(); the others: own.sum()"
                                + " over tokens (at least 1), N·maxLength, stepTokens.")
                .reading("The section \"What a token of a long answer counts\" of this lesson; Liu et al. 2025, section"
                        + " 3.2");
    }

    private static Object small(Trial t, String type) {
        return t.call(
                t.matrix(new double[] {4, 9, 9}, new double[] {0, 1, 2}),
                t.matrix(new double[] {1, 0, 0}, new double[] {1, 1, 1}),
                type,
                10,
                14.0);
    }

    private static Object of(Trial t, String type, int time, int... lengths) {
        float[] mask = new float[lengths.length * time];
        int tokens = 0;
        for (int i = 0; i < mask.length; i++) {
            mask[i] = i % time < lengths[i / time] ? 1 : 0;
            tokens += (int) mask[i];
        }
        Tensor losses = t.normal(lengths.length, time).add(1).detach().requireGrad();
        Object loss = t.call(losses, Tensor.of(mask, lengths.length, time), type, 2 * time, 3.0 * tokens);
        t.see("loss", loss);
        if (loss instanceof Tensor tensor) {
            t.gradients(tensor, losses);
        }
        return null;
    }
}
