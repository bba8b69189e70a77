package gradus.lessons.preferences;

import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Trial;

final class RewardPairExercise {
    private static final String LOSS = "lead.logSigmoid().mean().neg()";

    private RewardPairExercise() {}

    static Exercise exercise() {
        return Exercise.of(RewardPair.class, "The loss of a reward model")
                .forbid("RewardPairLoss", "PreferenceLoss")
                .probe(
                        "one pair",
                        "the chosen answer is ln 3 ahead, σ(ln 3) = 3/4, and -ln 3/4 = 0.28768",
                        t -> t.call(t.vector(Math.log(3)), t.vector(0), t.vector(0)))
                .probe(
                        "ranked wrongly",
                        "σ(-ln 3) = 1/4, and -ln 1/4 = 1.38629: more than if it were right",
                        t -> t.call(t.vector(1), t.vector(1 + Math.log(3)), t.vector(0)))
                .probe(
                        "equal scores",
                        "σ(0) = 1/2, and -ln 1/2 = 0.69315",
                        t -> t.call(t.vector(7), t.vector(7), t.vector(0)))
                .probe(
                        "a margin",
                        "ahead by ln 3, of which the margin takes ln 3 away: -ln σ(0) = 0.69315",
                        t -> t.call(t.vector(Math.log(3)), t.vector(0), t.vector(Math.log(3))))
                .probe(
                        "two pairs",
                        "one is right and one wrong: (0.28768 + 1.38629)/2 = 0.83699",
                        t -> t.call(t.vector(Math.log(3), 0), t.vector(0, Math.log(3)), t.vector(0, 0)))
                .probe(
                        "wrong by 200",
                        "-ln σ(-200) = ln(1 + e^200) = 200",
                        t -> t.callWithGradients(t.vector(-100), t.vector(100), t.vector(0)))
                .probe(
                        "right by 200, and wrong by 200",
                        "the losses are 0 and 200; only the second pair has a gradient",
                        t -> t.callWithGradients(t.vector(100, -100), t.vector(-100, 100), t.vector(0, 0)))
                .probe(
                        "scores near a thousand",
                        "only the difference counts: -ln σ(1/2) = 0.47408",
                        t -> t.call(t.vector(1000.5), t.vector(1000), t.vector(0)))
                .probe("seven pairs, with gradients", "margins get none", t -> of(t, 7))
                .probe("forty pairs, with gradients", "", t -> of(t, 40))
                .bug(
                        "The sign is missing: it is a log-probability, and making it small ranks wrongly",
                        LOSS,
                        "lead.logSigmoid().mean()")
                .bug(
                        "The pair is swapped: the model is taught to prefer the rejected answer",
                        "chosen.sub(rejected)",
                        "rejected.sub(chosen)")
                .bug(
                        "The sum over the pairs is given, not the mean: it grows with the batch",
                        LOSS,
                        "lead.logSigmoid().sum().neg()")
                .bug(
                        "The logarithm is taken of σ after σ was rounded to 0: a pair that is quite wrong has an"
                                + " infinite loss",
                        LOSS,
                        "lead.sigmoid().log().mean().neg()")
                .bug(
                        "The logarithm is missing: the more a pair is wrong, the less it teaches",
                        LOSS,
                        "lead.sigmoid().mean().neg()")
                .bug(
                        "The mean is taken of the leads, before -ln σ: pairs that are right hide those that are wrong",
                        LOSS,
                        "lead.mean().logSigmoid().neg()")
                .bug("The margin is missing", ".sub(margin.detach())", "")
                .bug(
                        "The margin is added: a pair with a margin is content with less, not with more",
                        ".sub(margin.detach())",
                        ".add(margin.detach())")
                .bug("The margin gets a gradient: it is data", "margin.detach()", "margin")
                .bug("The rejected score is cut off from the gradients", "rejected)", "rejected.detach())")
                .bug("The chosen score is cut off from the gradients", "chosen.sub", "chosen.detach().sub")
                .bug(
                        "It is a hinge, max(0, 1 - lead), which stops teaching when the lead is 1",
                        LOSS,
                        "lead.neg().add(1).relu().mean()")
                .bug("It is the square of the lead: that draws equal scores together", LOSS, "lead.square().mean()")
                .variant("softplus", """
                        Tensor behind = rejected.add(margin.detach()).sub(chosen);
                        return behind.softplus().sum().div(behind.dim(0));
                        """)
                .variant("cross-entropy of two scores", """
                        Tensor scores = Tensor.stack(1, chosen.sub(margin.detach()), rejected); // (N, 2)
                        return scores.crossEntropy(gradus.tensor.type.Indices.of(new int[chosen.dim(0)]));
                        """)
                .variant("ln(1 + eˣ) with the larger part taken out", """
                        Tensor x = rejected.sub(chosen).add(margin.detach());
                        Tensor rest = x.abs().neg().exp().log1p();
                        return x.maximum(Tensor.zerosLike(x)).add(rest).mean();
                        """)
                .hints(
                        "By how much is the chosen answer ahead, once the margin is taken away?",
                        "The library has the logarithm of σ as one function, which is safe for large numbers.",
                        "chosen.sub(rejected).sub(margin.detach()), then logSigmoid(), mean(), neg().")
                .reading("The section \"Scores from pairs\" of this lesson; Ouyang et al. 2022, equation 1");
    }

    private static Object of(Trial t, int pairs) {
        return t.callWithGradients(t.normal(pairs).mul(2), t.normal(pairs), t.uniform(pairs));
    }
}
