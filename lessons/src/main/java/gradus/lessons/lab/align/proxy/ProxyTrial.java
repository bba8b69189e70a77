package gradus.lessons.lab.align.proxy;

import gradus.layers.model.ActorCritic;
import gradus.layers.model.Gpt;
import gradus.layers.model.ValueHead;
import gradus.layers.model.config.GptConfig;
import gradus.tensor.random.Rng;
import gradus.train.StepReport;
import gradus.train.TrainConfig;
import gradus.train.Trainer;
import gradus.train.TrainingListener;
import gradus.train.generate.Sampling;
import gradus.train.optimizer.OptimizerKind;
import gradus.train.preference.PreferencePairs;
import gradus.train.rl.BestOfN;
import gradus.train.rl.KlControl;
import gradus.train.rl.PpoConfig;
import gradus.train.rl.PpoTask;
import gradus.train.rl.RolloutConfig;
import gradus.train.rl.Rollouts;
import gradus.train.schedule.ScheduleKind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// One seed: a gold reward, a reference policy, and reward models learned from comparisons of its answers, which
/// best-of-n and PPO optimise.
final class ProxyTrial {
    private static final int DIM = 16;
    private static final double LR = 2e-3;

    private final ProxyPlan plan;
    private final Rng rng;
    private final AnswerSpace space;
    private final double[] gold;
    private final double[] reference;

    ProxyTrial(ProxyPlan plan, Rng rng) {
        this.plan = plan;
        this.rng = rng;
        this.space = new AnswerSpace(Flattery.VOCABULARY, plan.limit());
        this.gold = Flattery.rewards(space, rng.at("gold"));
        this.reference = space.probs(policy());
    }

    /// The policy as it begins, which writes all words about equally often.
    private Gpt policy() {
        return new Gpt(new GptConfig(space.vocabulary(), 1 + space.limit(), 1, 2, DIM, 0), rng.at("policy"));
    }

    double[] gold() {
        return gold;
    }

    double[] reference() {
        return reference;
    }

    int answers() {
        return space.count();
    }

    /// The scores of a reward model that has seen so many comparisons of answers that the reference wrote.
    double[] proxy(int comparisons) {
        PreferencePairs pairs = ProxyReward.compared(space, gold, reference, comparisons, rng.at("compared"));
        return ProxyReward.scores(
                space,
                ProxyReward.train(
                        space, pairs, plan.rewardSteps(), rng.at("reward").at(comparisons)));
    }

    private Rollouts rollouts() {
        return new Rollouts(policy(), Sampling.defaults(), AnswerSpace.END, space.limit());
    }

    /// How well scores agree with the gold reward on what the reference writes: the correlation, exactly.
    double correlation(double[] scores) {
        double score = AnswerSpace.mean(reference, scores);
        double truth = AnswerSpace.mean(reference, gold);
        double both = 0;
        double own = 0;
        double other = 0;
        for (int i = 0; i < reference.length; i++) {
            both += reference[i] * (scores[i] - score) * (gold[i] - truth);
            own += reference[i] * (scores[i] - score) * (scores[i] - score);
            other += reference[i] * (gold[i] - truth) * (gold[i] - truth);
        }
        return both / Math.sqrt(own * other);
    }

    /// Best of 1, 2, 4, …, exactly.
    List<Point> bestOfN(double[] scores) {
        List<Point> way = new ArrayList<>();
        for (int doubling = 0; doubling <= plan.doublings(); doubling++) {
            way.add(Point.of(BestDistribution.of(reference, scores, 1L << doubling), reference, scores, gold));
        }
        return way;
    }

    /// The mean gold reward of the best of n, drawn so many times, less that of the reference.
    double drawnBestOfN(double[] scores, int n, int times) {
        ScoredAnswers environment = new ScoredAnswers(space, scores);
        Rollouts rollouts = rollouts();
        double sum = 0;
        for (int i = 0; i < times; i += 16) {
            int some = Math.min(16, times - i);
            for (BestOfN best : BestOfN.of(
                    rollouts,
                    Collections.nCopies(some, environment.problem(0)),
                    n,
                    rng.at("best").at(i))) {
                sum += gold[space.numberOf(best.best().tokens())];
            }
        }
        return sum / times - AnswerSpace.mean(reference, gold);
    }

    /// PPO from the reference, with no price for departing from it; a point before the first iteration and one
    /// after each.
    List<Point> ppo(double[] scores) {
        Gpt policy = policy();
        RolloutConfig rollouts = RolloutConfig.defaults()
                .withPrompts(128)
                .withNumGenerations(1)
                .withMaxCompletionLength(space.limit())
                .withNumIterations(2)
                .withMinibatches(2);
        PpoTask task = new PpoTask(
                ActorCritic.shared(policy, new ValueHead(DIM)),
                null,
                new ScoredAnswers(space, scores),
                rollouts,
                PpoConfig.defaults().withKl(new KlControl.Fixed(0)),
                rng.at("ppo"));
        TrainConfig config = TrainConfig.defaults()
                .withSteps(plan.iterations() * rollouts.steps())
                .withOptimizer(OptimizerKind.ADAM)
                .withSchedule(ScheduleKind.CONSTANT)
                .withLr(LR)
                .withMinLr(0)
                .withWarmup(0)
                .withWeightDecay(0)
                .withEvalEvery(0)
                .withCheckpointEvery(0);
        List<Point> way = new ArrayList<>();
        way.add(Point.of(reference, reference, scores, gold));
        Trainer.of(task, config)
                .listen(new TrainingListener() {
                    @Override
                    public void onStep(StepReport report) {
                        if (report.step() % rollouts.steps() == 0) {
                            way.add(Point.of(space.probs(policy), reference, scores, gold));
                        }
                    }
                })
                .run();
        return way;
    }
}
