package gradus.lessons.lab.align;

import gradus.error.ConfigException;
import gradus.layers.loss.alignment.PreferenceLoss;
import gradus.layers.model.ActorCritic;
import gradus.layers.model.Gpt;
import gradus.layers.model.ValueHead;
import gradus.layers.model.config.GptConfig;
import gradus.tensor.random.Rng;
import gradus.train.StepReport;
import gradus.train.TrainConfig;
import gradus.train.Trainer;
import gradus.train.TrainingListener;
import gradus.train.preference.DirectPreference;
import gradus.train.preference.PreferencePairs;
import gradus.train.preference.SampledPairs;
import gradus.train.rl.ExpertIteration;
import gradus.train.rl.GroupPolicyConfig;
import gradus.train.rl.GroupPolicyTask;
import gradus.train.rl.HeldOut;
import gradus.train.rl.KlControl;
import gradus.train.rl.PpoConfig;
import gradus.train.rl.PpoTask;
import gradus.train.rl.RolloutConfig;
import gradus.train.rl.verifiable.Answers;
import gradus.train.rl.verifiable.Reward;
import gradus.train.schedule.ScheduleKind;
import gradus.train.task.Examples;
import gradus.train.task.InstructionTuning;
import gradus.train.task.LanguageModelling;
import gradus.train.task.Task;
import java.util.List;
import java.util.function.Consumer;

/// One model and one seed: learned from examples by half, then lifted by reinforcement.
final class VerifiableTrial {
    static final List<String> METHODS = List.of("grpo", "dr_grpo", "dapo", "rloo", "ppo", "expert", "dpo");

    /// PPO takes twice as many steps of the same completions, and so departs further from what drew them.
    private static final double PPO_RATE = 0.3;

    private static final int ROUNDS = 8;
    private static final int ITERATIONS = 32; // whose prompts are the questions of a round
    private static final int PAIRS = 64; // of a step
    private static final double DPO_RATE = 0.1;

    /// High: right and wrong answers share most of their few tokens, so at the usual 0.1, which lets a pair drift
    /// apart by tens of nats, the right ones fall too.
    private static final double DPO_BETA = 5;

    private final Recipe recipe;
    private final long seed;
    private final Consumer<String> log;
    private final Answers answers;
    private final Gpt gpt;
    private final HeldOut heldOut;

    /// @param log is told what happens
    VerifiableTrial(Recipe recipe, long seed, Consumer<String> log) {
        this.recipe = recipe;
        this.seed = seed;
        this.log = log;
        this.answers = Answers.ofCharacters(
                recipe.task(),
                Reward.exactMatch(),
                Recipe.HELD_OUT,
                Rng.of(seed).at("questions"));
        int context = answers.problem(0).prompt().length + answers.longestCompletion();
        GptConfig size = new GptConfig(
                answers.tokenizer().vocabularySize(), context, recipe.layers(), recipe.heads(), recipe.dim(), 0);
        this.gpt = new Gpt(size, Rng.of(seed).at("model"));
        this.heldOut = new HeldOut(gpt, answers, answers.longestCompletion());
    }

    /// How good the model is on what is held out.
    ///
    /// @param greedy share of right greedy answers
    /// @param pass1  share of right drawn answers
    /// @param passK  chance of at least one right among [Recipe#DRAWS]
    record Measured(double greedy, double pass1, double passK) {}

    Measured measure() {
        Rng rng = Rng.of(seed).at("measure");
        return new Measured(
                heldOut.greedyReward(Recipe.HELD_OUT),
                heldOut.passAtK(1, Recipe.DRAWS, 1, 1, rng),
                heldOut.passAtK(Recipe.DRAWS, Recipe.DRAWS, 1, 1, rng));
    }

    long parameters() {
        return gpt.parameterCount();
    }

    /// Learns examples until the goal of the recipe.
    ///
    /// @return how many steps that took
    int supervise() {
        LanguageModelling.Sizes sizes = new LanguageModelling.Sizes(Recipe.BATCH, 1);
        InstructionTuning task = new InstructionTuning(
                gpt,
                answers.examples(0, recipe.examples()),
                new Examples(),
                new InstructionTuning.Settings(sizes, gpt.context(), false),
                Rng.of(seed).at("examples"));
        return train(
                task,
                new Rate(ScheduleKind.CONSTANT, recipe.supervisedLr()),
                5000,
                recipe.supervisedEvery(),
                recipe.supervisedGoal());
    }

    /// Goes on by reinforcement until the goal of the recipe.
    ///
    /// @param method grpo, dr_grpo, dapo, rloo, ppo, expert or dpo
    /// @return how many steps that took
    int reinforce(String method) {
        RolloutConfig rollouts = RolloutConfig.defaults()
                .withPrompts(recipe.prompts())
                .withNumGenerations(Recipe.GROUP)
                .withMaxCompletionLength(answers.longestCompletion())
                .withMinibatches(2);
        if (method.equals("ppo")) {
            rollouts = rollouts.withPrompts(recipe.prompts() * Recipe.GROUP)
                    .withNumGenerations(1)
                    .withNumIterations(2)
                    .withMinibatches(2);
        }
        if (method.equals("dpo")) {
            return prefer();
        }
        return train(
                task(method, rollouts),
                new Rate(ScheduleKind.COSINE, recipe.lr() * (method.equals("ppo") ? PPO_RATE : 1)),
                recipe.iterations() * rollouts.steps(),
                Recipe.EVERY * rollouts.steps(),
                recipe.goal());
    }

    /// Learns pairs of its own answers, a right one and a wrong one to the same question, which it draws anew
    /// in every round from what it has become.
    private int prefer() {
        int steps = 0;
        int questions = ITERATIONS * recipe.prompts();
        for (int round = 0; round < ROUNDS; round++) {
            PreferencePairs pairs = new SampledPairs(Recipe.GROUP, answers.longestCompletion(), 1)
                    .of(gpt, answers, questions, Rng.of(seed).at("pairs").at(round));
            log.accept("round %s: %s pairs of right and wrong answers to %s questions"
                    .formatted(round + 1, pairs.count(), questions));
            if (pairs.count() == 0) {
                return steps;
            }
            DirectPreference task = new DirectPreference(
                    gpt,
                    pairs,
                    new PreferencePairs(),
                    new DirectPreference.Settings(
                            new LanguageModelling.Sizes(PAIRS, 1), PreferenceLoss.SIGMOID, DPO_BETA, 0),
                    Rng.of(seed).at("order").at(round));
            int epoch = Math.max(1, pairs.count() / PAIRS);
            steps += train(task, new Rate(ScheduleKind.COSINE, DPO_RATE * recipe.lr()), epoch, epoch, 1);
        }
        return steps;
    }

    Task task(String method, RolloutConfig rollouts) {
        Rng rng = Rng.of(seed).at(method);
        return switch (method) {
            case "grpo" -> new GroupPolicyTask(gpt, null, answers, rollouts, GroupPolicyConfig.grpo(), rng);
            case "dr_grpo" -> new GroupPolicyTask(gpt, null, answers, rollouts, GroupPolicyConfig.drGrpo(), rng);
            case "dapo" -> new GroupPolicyTask(gpt, null, answers, rollouts, GroupPolicyConfig.dapo(), rng);
            case "rloo" -> new GroupPolicyTask(gpt, null, answers, rollouts, GroupPolicyConfig.rloo(), rng);
            case "ppo" ->
                new PpoTask(
                        ActorCritic.shared(gpt, new ValueHead(recipe.dim())),
                        null,
                        answers,
                        rollouts,
                        PpoConfig.defaults().withKl(new KlControl.Fixed(0)),
                        rng);
            case "expert" -> new ExpertIteration(gpt, answers, rollouts, 1, rng);
            default -> throw ConfigException.of("no method is called %s", method);
        };
    }

    /// How fast is learned: at one rate, or at one that falls to a tenth.
    private record Rate(ScheduleKind kind, double lr) {}

    private int train(Task task, Rate rate, int most, int every, double goal) {
        TrainConfig config = TrainConfig.defaults()
                .withSeed(seed)
                .withSteps(most)
                .withSchedule(rate.kind())
                .withLr(rate.lr())
                .withMinLr(rate.lr() / 10)
                .withWarmup(Math.min(20, most / 2))
                .withWeightDecay(0)
                .withEvalEvery(0)
                .withCheckpointEvery(0);
        Trainer trainer = Trainer.of(task, config);
        long start = System.nanoTime();
        trainer.listen(new TrainingListener() {
            @Override
            public void onStep(StepReport report) {
                if (report.step() % every == 0) {
                    double right = heldOut.greedyReward(Recipe.HELD_OUT);
                    log.accept("step %s, %s s: greedy %s, loss %s %s"
                            .formatted(
                                    report.step(),
                                    Math.round((System.nanoTime() - start) * 1e-8) / 10.0,
                                    right,
                                    (float) report.loss(),
                                    report.metrics()));
                    if (right >= goal) {
                        trainer.requestStop();
                    }
                }
            }
        });
        return trainer.run().steps();
    }
}
