package org.example;

import gradus.layers.model.LanguageModel;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Shape;
import gradus.train.rl.CompletionRows;
import gradus.train.rl.Environment;
import gradus.train.rl.Experience;
import gradus.train.rl.Experience.Column;
import gradus.train.rl.PolicyTask;
import gradus.train.rl.RolloutConfig;
import gradus.train.rl.StepMetrics;
import gradus.train.rl.TokenScores;
import java.util.Arrays;
import java.util.List;

/// Reward-weighted regression: each completion is learned by heart with the weight `exp((R - R_best)/τ)`, where
/// R_best is the highest reward so far. Peters & Schaal 2007.
final class RewardWeighted extends PolicyTask {
    private static final double TEMPERATURE = 0.15;

    private final Tensor best = experience().one("best", Shape.of(1), 0);

    RewardWeighted(LanguageModel policy, Environment environment, RolloutConfig rollouts, Rng rng) {
        super(policy, policy, environment, rollouts, rng, Column.ADVANTAGES);
    }

    @Override
    protected void prepare(Experience experience, List<CompletionRows> rows) {
        double highest =
                Math.max(best.item(), Arrays.stream(experience.rewards()).max().orElseThrow());
        best.set(highest);
        double[] weights = Arrays.stream(experience.rewards())
                .map(reward -> Math.exp((reward - highest) / TEMPERATURE))
                .toArray();
        experience.put(Column.ADVANTAGES, experience.perToken(weights));
    }

    @Override
    protected void measure(StepMetrics metrics) {
        metrics.mean("best", best.item(), 1);
    }

    @Override
    protected Tensor loss(Minibatch part) {
        TokenScores scores = TokenScores.of(policy(), part.rows(), config().temperature());
        Tensor logProbs = part.note("the log-probabilities", scores.logProbs()); // (B, T)
        Tensor weights = part.get(Column.ADVANTAGES, logProbs); // (B, T)
        return logProbs.mul(weights).sum().div(-counted(part)); // ()
    }

    @Override
    protected long counted(Minibatch part) {
        return part.rows().tokens();
    }

    @Override
    protected String settings() {
        return "reward-weighted " + TEMPERATURE;
    }
}
