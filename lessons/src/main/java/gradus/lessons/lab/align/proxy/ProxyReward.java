package gradus.lessons.lab.align.proxy;

import gradus.layers.model.Gpt;
import gradus.layers.model.RewardModel;
import gradus.layers.model.config.GptConfig;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import gradus.train.TrainConfig;
import gradus.train.Trainer;
import gradus.train.optimizer.OptimizerKind;
import gradus.train.preference.BradleyTerryPairs;
import gradus.train.preference.PreferencePairs;
import gradus.train.preference.RewardModelling;
import gradus.train.schedule.ScheduleKind;
import gradus.train.task.LanguageModelling;
import java.util.Arrays;

/// A reward that is learned: a small reward model, trained on comparisons of answers that the reference wrote.
/// Which of two is chosen follows the gold reward by the Bradley-Terry model.
final class ProxyReward {
    private static final int BATCH = 64;
    private static final double LR = 3e-3;

    private ProxyReward() {}

    /// Pairs of answers, both drawn from the reference.
    ///
    /// @param reference the probability of each answer
    static PreferencePairs compared(AnswerSpace space, double[] gold, double[] reference, int count, Rng rng) {
        double[] upTo = reference.clone();
        Arrays.parallelPrefix(upTo, Double::sum);
        PreferencePairs pairs = new PreferencePairs();
        int[] prompt = {AnswerSpace.START};
        for (int n = 0; n < count; n++) {
            Rng own = rng.at(n);
            int one = drawn(upTo, own.uniform(0));
            int other = drawn(upTo, own.uniform(1));
            boolean first = BradleyTerryPairs.firstWins(gold[one], gold[other], own.uniform(2));
            pairs.add(
                    prompt,
                    space.answers().get(first ? one : other),
                    space.answers().get(first ? other : one));
        }
        return pairs;
    }

    /// As [gradus.lessons.sampling.Categorical#draw], by running sums that are there already.
    private static int drawn(double[] upTo, double uniform) {
        int found = Arrays.binarySearch(upTo, uniform * upTo[upTo.length - 1]);
        return Math.min(upTo.length - 1, found < 0 ? -found - 1 : found + 1);
    }

    /// Trains a reward model.
    ///
    /// @param steps of training
    static RewardModel train(AnswerSpace space, PreferencePairs pairs, int steps, Rng rng) {
        Gpt gpt = new Gpt(new GptConfig(space.vocabulary(), 1 + space.limit(), 1, 2, 32, 0), rng.at("gpt"));
        RewardModel model = new RewardModel(gpt, rng.at("score"));
        RewardModelling task = new RewardModelling(
                model,
                pairs,
                new PreferencePairs(),
                new RewardModelling.Settings(new LanguageModelling.Sizes(Math.min(BATCH, pairs.count()), 1), 0),
                rng.at("order"));
        TrainConfig config = TrainConfig.defaults()
                .withSteps(steps)
                .withOptimizer(OptimizerKind.ADAM)
                .withSchedule(ScheduleKind.COSINE)
                .withLr(LR)
                .withMinLr(0)
                .withWarmup(Math.min(10, steps / 2))
                .withWeightDecay(0)
                .withEvalEvery(0)
                .withCheckpointEvery(0);
        Trainer.of(task, config).run();
        return model;
    }

    /// The score of every answer.
    static double[] scores(AnswerSpace space, RewardModel model) {
        int rows = space.count();
        int time = 1 + space.limit();
        int[] ids = new int[rows * time];
        int[] lengths = new int[rows];
        for (int n = 0; n < rows; n++) {
            int[] answer = space.answers().get(n);
            ids[n * time] = AnswerSpace.START;
            System.arraycopy(answer, 0, ids, n * time + 1, answer.length);
            lengths[n] = 1 + answer.length;
        }
        model.eval();
        try (var pause = Autograd.noGrad();
                var scope = Scope.open()) {
            return model.forward(Indices.of(Shape.of(rows, time), ids), lengths).toArray(); // (N)
        }
    }
}
