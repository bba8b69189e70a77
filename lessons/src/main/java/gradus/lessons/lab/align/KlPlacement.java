package gradus.lessons.lab.align;

import gradus.layers.loss.alignment.ClippedSurrogate;
import gradus.layers.loss.alignment.KlEstimator;
import gradus.tensor.Tensor;
import java.util.Arrays;

/// Algorithms that learn from answers drawn from the policy itself. All have the clipped loss of PPO and GRPO;
/// they differ in where the divergence from the reference is charged, and by which estimate. That decides
/// where they go.
public enum KlPlacement implements ExactMethod {
    /// PPO and RLOO: β·k1 is subtracted from the reward.
    K1_IN_REWARD("k1 in the reward") {
        @Override
        Tensor each(EnumerableProblem problem, Tensor own, Tensor reference) {
            Tensor price = KlEstimator.K1.of(own, reference).sum(-1, true).mul(problem.beta()); // (N, 1)
            return surrogate(own, problem.rewardColumn().sub(price));
        }

        /// Of tokens it is the same: what is in the reward counts for all tokens before it.
        @Override
        public double[] closedForm(EnumerableProblem problem, boolean tokens) {
            return ClosedForm.ofAnswers(problem, ClosedForm::gibbs);
        }
    },
    /// β·k2 is added to the loss.
    K2_LOSS("k2 as loss") {
        @Override
        Tensor each(EnumerableProblem problem, Tensor own, Tensor reference) {
            return penalised(problem, own, reference, KlEstimator.K2);
        }

        @Override
        public double[] closedForm(EnumerableProblem problem, boolean tokens) {
            return rule(problem, tokens, ClosedForm::gibbs);
        }
    },
    /// GRPO: β·k3 is added to the loss.
    K3_LOSS("k3 as loss (GRPO)") {
        @Override
        Tensor each(EnumerableProblem problem, Tensor own, Tensor reference) {
            return penalised(problem, own, reference, KlEstimator.K3);
        }

        @Override
        public double[] closedForm(EnumerableProblem problem, boolean tokens) {
            return rule(problem, tokens, ClosedForm::forward);
        }
    },
    /// β·k1 is added to the loss, where it does nothing.
    K1_LOSS("k1 as loss") {
        @Override
        Tensor each(EnumerableProblem problem, Tensor own, Tensor reference) {
            return penalised(problem, own, reference, KlEstimator.K1);
        }

        @Override
        public double[] closedForm(EnumerableProblem problem, boolean tokens) {
            return ClosedForm.ofAnswers(problem, ClosedForm::best);
        }
    };

    /// The bounds of the ratio, which is 1 here.
    private static final double CLIP = 0.2;

    private final String title;

    KlPlacement(String title) {
        this.title = title;
    }

    @Override
    public String title() {
        return title;
    }

    /// The loss of each token.
    ///
    /// **Shapes** own and reference (N, T), or (N, 1) of whole answers → the same
    ///
    /// @param own       ln π
    /// @param reference ln ref
    abstract Tensor each(EnumerableProblem problem, Tensor own, Tensor reference);

    private static double[] rule(EnumerableProblem problem, boolean tokens, ClosedForm.Rule rule) {
        return tokens ? ClosedForm.ofTokens(problem, rule) : ClosedForm.ofAnswers(problem, rule);
    }

    /// With the mean reward as baseline, which changes no expected gradient.
    private static Tensor surrogate(Tensor own, Tensor rewards) {
        Tensor advantages = rewards.sub(rewards.mean()); // (N, 1)
        return ClippedSurrogate.of(own, own.detach(), advantages, CLIP, CLIP); // (N, T)
    }

    private static Tensor penalised(EnumerableProblem problem, Tensor own, Tensor reference, KlEstimator estimator) {
        Tensor divergence = estimator.of(own, reference); // (N, T)
        return surrogate(own, problem.rewardColumn()).add(divergence.mul(problem.beta())); // (N, T)
    }

    /// The loss of each answer, if it is the one that was drawn.
    ///
    /// **Shapes** logits (S, V) → (N)
    public Tensor perAnswer(EnumerableProblem problem, Tensor logits, boolean tokens) {
        Tensor own = problem.outcomes().logProbs(logits); // (N, T)
        Tensor reference = problem.outcomes().logProbs(problem.reference()); // (N, T)
        Tensor each = tokens
                ? each(problem, own, reference)
                : each(problem, own.sum(-1, true), reference.sum(-1, true)); // of (N, 1)
        return each.sum(-1); // (N)
    }

    /// Each answer as often as the policy draws it. Autograd must not see how often that is: a sampler shows
    /// only what was drawn.
    @Override
    public Tensor loss(EnumerableProblem problem, Tensor logits, boolean tokens) {
        Tensor probs = problem.outcomes().probs(logits).detach(); // (N)
        return perAnswer(problem, logits, tokens).mul(probs).sum(); // ()
    }

    /// The natural gradient (Kakade 2001): each cell's gradient divided by how often the policy comes there,
    /// so that what is rare is not learned late. It is 0 where the gradient is.
    @Override
    public double[] step(EnumerableProblem problem, double[] gradient, double[] probs) {
        double[] visits = problem.outcomes().visits(probs);
        double[] step = new double[gradient.length];
        Arrays.setAll(step, i -> visits[i] == 0 ? 0 : gradient[i] / visits[i]);
        return step;
    }
}
