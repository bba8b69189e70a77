package gradus.lessons.policygradients;

import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Trial;
import gradus.tensor.Tensor;

final class ClippedLossExercise {
    private static final String OBJECTIVE = "ratio.mul(gain).minimum(clipped.mul(gain))";
    private static final String MEAN = "objective.mul(mask).sum().div(mask.sum()).neg()";

    private ClippedLossExercise() {}

    static Exercise exercise() {
        return Exercise.of(ClippedLoss.class, "PPO's clipped objective")
                .forbid("ClippedSurrogate", "Aggregation", "ImportanceRatio")
                .probe(
                        "the first step",
                        "the policy is still the old one, ρ = 1: minus the advantage, -2; the gradient is -2 as well",
                        t -> one(t, 1, 2))
                .probe(
                        "a good token, already much more probable",
                        "ρ = 1.5: min(1.5·2, 1.3·2) = 2.6, so the loss is -2.6, and there is no gradient",
                        t -> one(t, 1.5, 2))
                .probe(
                        "a bad token, become more probable",
                        "min(1.5·(-2), 1.3·(-2)) = -3: the loss 3 has a gradient, which undoes the harm",
                        t -> one(t, 1.5, -2))
                .probe(
                        "a bad token, already less probable",
                        "ρ = 0.5: min(-1, 0.8·(-2)) = -1.6: the loss is 1.6, without a gradient",
                        t -> one(t, 0.5, -2))
                .probe(
                        "a good token, become less probable",
                        "min(0.5·2, 0.8·2) = 1: the loss -1 has a gradient, which undoes the harm",
                        t -> one(t, 0.5, 2))
                .probe(
                        "padding",
                        "-(1·2 + 1·4)/2 = -3: the last place does not count",
                        t -> see(
                                t,
                                t.matrix(new double[] {-1, -2, -1}),
                                t.matrix(new double[] {-1, -2, -3}),
                                t.matrix(new double[] {2, 4, 50}),
                                t.matrix(new double[] {1, 1, 0}),
                                0.2,
                                0.3))
                .probe(
                        "answers of unequal length",
                        "three tokens with 1 and one with 5: the mean over tokens is 2, and not (1 + 5)/2",
                        t -> see(
                                t,
                                Tensor.zeros(2, 3),
                                Tensor.zeros(2, 3),
                                t.matrix(new double[] {1, 1, 1}, new double[] {5, 9, 9}),
                                t.matrix(new double[] {1, 1, 1}, new double[] {1, 0, 0}),
                                0.2,
                                0.2))
                .probe("a batch", "", t -> of(t, 5, 9, 0.2, 0.28))
                .probe("one long answer, narrow bounds", "", t -> of(t, 1, 40, 0.05, 0.1))
                .probe("wide bounds", "", t -> of(t, 3, 8, 0.9, 2.5))
                .bug(
                        "The larger of the two counts: harm is not undone, and gain goes on without end",
                        OBJECTIVE,
                        "ratio.mul(gain).maximum(clipped.mul(gain))")
                .bug("Nothing is clipped", OBJECTIVE, "ratio.mul(gain)")
                .bug(
                        "The clipped number alone counts: a token that was pushed the wrong way stays there",
                        OBJECTIVE,
                        "clipped.mul(gain)")
                .bug(
                        "Only ratios above 1 are clipped: what is bad may fall without end",
                        "1 - low, 1 + high",
                        "0, 1 + high")
                .bug(
                        "Only ratios below 1 are clipped: what is good may rise without end",
                        "1 - low, 1 + high",
                        "1 - low, Double.POSITIVE_INFINITY")
                .bug("The bounds are exchanged", "1 - low, 1 + high", "1 - high, 1 + low")
                .bug("The bounds lie about 0, and a ratio about 1", "1 - low, 1 + high", "-low, high")
                .bug(
                        "Not the ratio is clipped but the ratio times the advantage",
                        OBJECTIVE,
                        "ratio.mul(gain).minimum(ratio.mul(gain).clamp(1 - low, 1 + high))")
                .bug(
                        "The old policy is not detached: where both come from one network, the gradients cancel",
                        "old.detach()",
                        "old")
                .bug(
                        "The ratio is detached: nothing is learnt",
                        "logProbs.sub(old.detach()).exp()",
                        "logProbs.sub(old.detach()).exp().detach()")
                .bug("The advantages are not detached", "advantages.detach()", "advantages")
                .bug(
                        "The logarithm of the ratio is taken for the ratio",
                        "logProbs.sub(old.detach()).exp()",
                        "logProbs.sub(old.detach())")
                .bug(
                        "The ratio is upside down: old over new",
                        "logProbs.sub(old.detach()).exp()",
                        "old.detach().sub(logProbs).exp()")
                .bug(
                        "There is no ratio: it is the probability itself",
                        "logProbs.sub(old.detach()).exp()",
                        "logProbs.exp()")
                .bug(
                        "The sign is missing: it is an objective, and a step would make it smaller",
                        MEAN,
                        "objective.mul(mask).sum().div(mask.sum())")
                .bug("The mean goes over padding too", MEAN, "objective.mean().neg()")
                .bug("Padding is left out of the sum but not of the count", MEAN, "objective.mul(mask).mean().neg()")
                .bug(
                        "It is the mean of the answers' means: a token of a long answer counts less",
                        MEAN,
                        "objective.mul(mask).sum(1).div(mask.sum(1)).mean().neg()")
                .bug("The sum is given, not the mean", MEAN, "objective.mul(mask).sum().neg()")
                .variant("the worse of two losses", """
                        Tensor bad = advantages.detach().neg(); // (N, T)
                        Tensor rho = logProbs.exp().div(old.detach().exp()); // (N, T)
                        Tensor loss = bad.mul(rho.clamp(1 - low, 1 + high)).maximum(bad.mul(rho)); // (N, T)
                        return loss.maskedFill(mask.eq(0), 0).sum().mul(1 / mask.sum().item());
                        """)
                .variant("one bound for each sign", """
                        Tensor a = advantages.clone().detach(); // (N, T)
                        Tensor ratio = logProbs.sub(old.clone().detach()).exp(); // (N, T)
                        Tensor good = ratio.clamp(Double.NEGATIVE_INFINITY, 1 + high).mul(a); // (N, T)
                        Tensor bad = ratio.clamp(1 - low, Double.POSITIVE_INFINITY).mul(a); // (N, T)
                        Tensor each = Tensor.where(a.gt(0), good, bad).mul(mask); // (N, T)
                        return each.sum().neg().div(mask.sum());
                        """)
                .hints(
                        "A = 2 and ρ = 1.5: would a larger ρ still be better? And if A = -2, should ρ stay there?",
                        "The ratio is the exp of a difference; compare ratio·A with clamped ratio·A, element by element.",
                        "ratio.mul(A).minimum(ratio.clamp(1 - low, 1 + high).mul(A)), its masked sum over mask.sum(),"
                                + " neg(); old and A detached.")
                .reading("The section \"Several steps from the same samples\" of this lesson; Schulman et al. 2017,"
                        + " equation 7");
    }

    private static Object one(Trial t, double ratio, double advantage) {
        return see(
                t,
                t.matrix(new double[] {Math.log(ratio) - 2}),
                t.matrix(new double[] {-2}),
                t.matrix(new double[] {advantage}),
                t.matrix(new double[] {1}),
                0.2,
                0.3);
    }

    private static Object see(
            Trial t, Tensor logProbs, Tensor old, Tensor advantages, Tensor mask, double low, double high) {
        Tensor[] learning = {logProbs.requireGrad(), old.requireGrad(), advantages.requireGrad()};
        Object loss = t.call(logProbs, old, advantages, mask, low, high);
        t.see("loss", loss);
        if (loss instanceof Tensor tensor) {
            t.gradients(tensor, (Object[]) learning);
        }
        return null;
    }

    /// Rows that are shorter and shorter, with ratios on both sides of both bounds.
    private static Object of(Trial t, int rows, int time, double low, double high) {
        float[] mask = new float[rows * time];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = i % time < time - i / time ? 1 : 0;
        }
        Tensor old = t.uniform(rows, time).sub(3);
        Tensor logProbs = old.add(t.normal(rows, time).mul(high)).detach();
        return see(t, logProbs, old, t.normal(rows, time), Tensor.of(mask, rows, time), low, high);
    }
}
