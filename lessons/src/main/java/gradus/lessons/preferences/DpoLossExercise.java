package gradus.lessons.preferences;

import gradus.lessons.learn.exercise.Bug;
import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Trial;
import gradus.tensor.Tensor;

final class DpoLossExercise {
    private static final String LOSS = "better.sub(worse).logSigmoid().mean().neg()";
    private static final String BETTER = "chosen.sub(refChosen.detach()).mul(beta)";
    private static final String WORSE = "rejected.sub(refRejected.detach()).mul(beta)";

    private DpoLossExercise() {}

    static Exercise exercise() {
        return Exercise.of(DpoLoss.class, "The loss of DPO and its implicit rewards")
                .forbid("RewardPairLoss", "PreferenceLoss", "PairLogProbs")
                .probe(
                        "the policy is still the reference",
                        "both rewards are 0, and -ln σ(0) = ln 2 = 0.69315",
                        t -> pairs(t, 0.1, t.vector(-5), t.vector(-3), t.vector(-5), t.vector(-3)))
                .probe(
                        "only the chosen answer has moved",
                        "by 10·ln 3, times 0.1: the reward is ln 3 = 1.09861, and -ln σ(ln 3) = 0.28768",
                        t -> pairs(t, 0.1, t.vector(-5), t.vector(-3), t.vector(-5 - 10 * Math.log(3)), t.vector(-3)))
                .probe(
                        "only the rejected answer has moved",
                        "upwards, to the reward ln 3: -ln σ(-ln 3) = -ln 1/4 = 1.38629",
                        t -> pairs(t, 0.5, t.vector(-5), t.vector(-3), t.vector(-5), t.vector(-3 - 2 * Math.log(3))))
                .probe(
                        "both have fallen, the rejected one further",
                        "the rewards are -1 and -3: -ln σ(2) = 0.12693, though the chosen answer lost",
                        t -> pairs(t, 0.5, t.vector(-9), t.vector(-9), t.vector(-7), t.vector(-3)))
                .probe(
                        "two pairs",
                        "-ln σ(ln 3) and -ln σ(-ln 3): the mean of 0.28768 and 1.38629 is 0.83699",
                        t -> pairs(
                                t,
                                1,
                                t.vector(Math.log(3) - 4, -6),
                                t.vector(-4, -6),
                                t.vector(-4, -6),
                                t.vector(-4, -6 - Math.log(3))))
                .probe(
                        "a thousand apart",
                        "-ln σ(-1000) = 1000, and the gradient of the chosen one is -1",
                        t -> pairs(t, 1, t.vector(-1500), t.vector(-500), t.vector(-1000), t.vector(-1000)))
                .probe("seven pairs", "the reference has no gradient", t -> of(t, 0.3, 7))
                .probe("thirty pairs, a large β", "", t -> of(t, 2, 30))
                .probe("one pair, a small β", "", t -> of(t, 0.05, 1))
                .bug(
                        "The sign is missing: it is a log-probability, and making it small ranks wrongly",
                        LOSS,
                        "better.sub(worse).logSigmoid().mean()")
                .bug(
                        "The pair is swapped: the rejected answer is taught to win",
                        "better.sub(worse)",
                        "worse.sub(better)")
                .bug(
                        "The sum over the pairs is given, not the mean: it grows with the batch",
                        LOSS,
                        "better.sub(worse).logSigmoid().sum().neg()")
                .bug(Bug.of("The reference is not detached: it learns too, towards the wrong answers")
                        .replacing("refChosen.detach()", "refChosen")
                        .replacing("refRejected.detach()", "refRejected"))
                .bug(
                        "The policy is detached, not the reference",
                        "Tensor better = chosen.sub(refChosen.detach()).mul(beta); // (N)\n"
                                + "        Tensor worse = rejected.sub(refRejected.detach()).mul(beta); // (N)",
                        "Tensor better = chosen.detach().sub(refChosen).mul(beta); // (N)\n"
                                + "        Tensor worse = rejected.detach().sub(refRejected).mul(beta); // (N)")
                .bug(Bug.of("The reference is missing: an answer that was improbable from the beginning looks bad")
                        .replacing(BETTER, "chosen.mul(beta)")
                        .replacing(WORSE, "rejected.mul(beta)"))
                .bug(Bug.of("The references are exchanged: each answer has its own")
                        .replacing("chosen.sub(refChosen.detach())", "chosen.sub(refRejected.detach())")
                        .replacing("rejected.sub(refRejected.detach())", "rejected.sub(refChosen.detach())"))
                .bug(Bug.of("The reference is added, not subtracted")
                        .replacing("chosen.sub(refChosen.detach())", "chosen.add(refChosen.detach())")
                        .replacing("rejected.sub(refRejected.detach())", "rejected.add(refRejected.detach())"))
                .bug(Bug.of("There is no β: it decides how far the policy may go")
                        .replacing(BETTER, "chosen.sub(refChosen.detach())")
                        .replacing(WORSE, "rejected.sub(refRejected.detach())"))
                .bug(Bug.of("β multiplies the loss: it belongs within the σ")
                        .replacing(LOSS, "better.sub(worse).div(beta).logSigmoid().mean().mul(-beta)"))
                .bug(
                        "The implicit rewards are reported without β",
                        "better.detach(), worse.detach()",
                        "better.detach().div(beta), worse.detach().div(beta)")
                .bug(
                        "The rewards that are reported are exchanged: the chosen ones come first",
                        "better.detach(), worse.detach()",
                        "worse.detach(), better.detach()")
                .bug("The rewards for the report have a gradient", "better.detach(), worse.detach()", "better, worse")
                .bug(
                        "The logarithm is taken of σ after σ was rounded to 0: the loss becomes infinite",
                        LOSS,
                        "better.sub(worse).sigmoid().log().mean().neg()")
                .bug(
                        "The rejected answer is left out: only the chosen one's reward counts",
                        LOSS,
                        "better.logSigmoid().mean().neg()")
                .variant("policy against policy, reference against reference", """
                        Tensor ahead = chosen.sub(rejected); // (N)
                        Tensor before = refChosen.sub(refRejected).detach(); // (N)
                        Tensor loss = ahead.sub(before).mul(-beta).softplus().sum().div(chosen.dim(0));
                        Tensor w = chosen.detach().sub(refChosen.detach()).mul(beta);
                        Tensor l = rejected.detach().sub(refRejected.detach()).mul(beta);
                        return new Tensor[] {loss, w, l};
                        """)
                .variant("cross-entropy of two rewards", """
                        Tensor policy = Tensor.stack(1, chosen, rejected); // (N, 2)
                        Tensor reference = Tensor.stack(1, refChosen, refRejected).detach(); // (N, 2)
                        Tensor rewards = policy.sub(reference).mul(beta);
                        Tensor loss = rewards.logSoftmax().select(1, 0).mean().mul(-1);
                        return new Tensor[] {loss, rewards.select(1, 0).detach(), rewards.select(1, 1).detach()};
                        """)
                .hints(
                        "What is the implicit reward of an answer that is as probable as at the beginning?",
                        "First both rewards, with a detached reference; then the loss of the lesson's first exercise.",
                        "chosen.sub(refChosen.detach()).mul(beta), the same for the rejected; the difference's"
                                + " logSigmoid().mean().neg(); and both rewards detached.")
                .reading("The section \"Without a reward model\" of this lesson; Rafailov et al. 2023, equation 7");
    }

    private static Object pairs(Trial t, double beta, Tensor... logProbs) {
        for (Tensor each : logProbs) {
            each.requireGrad();
        }
        Tensor[] given = (Tensor[]) t.call(logProbs[0], logProbs[1], logProbs[2], logProbs[3], beta);
        String[] names = {"loss", "chosen rewards", "rejected rewards"};
        for (int i = 0; i < given.length; i++) {
            String name = i < names.length ? names[i] : "result " + i;
            t.see(name, given[i]);
            t.see(name + " with a gradient", String.valueOf(given[i] != null && given[i].requiresGrad()));
        }
        t.gradients(given[0], (Object[]) logProbs);
        return null;
    }

    /// Answers that the policy finds a little more or less probable than the reference.
    private static Object of(Trial t, double beta, int count) {
        Tensor refChosen = t.normal(count).mul(3).sub(20);
        Tensor refRejected = t.normal(count).mul(3).sub(15);
        Tensor chosen = refChosen.add(t.normal(count).add(0.5)).detach();
        Tensor rejected = refRejected.add(t.normal(count)).detach();
        return pairs(t, beta, chosen, rejected, refChosen, refRejected);
    }
}
