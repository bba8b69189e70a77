package gradus.train.rl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.error.NumericException;
import gradus.layers.loss.alignment.KlEstimator;
import gradus.layers.model.Gpt;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import gradus.train.TrainConfig;
import gradus.train.Trainer;
import gradus.train.generate.Sampling;
import gradus.train.schedule.ScheduleKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GroupPolicyTaskTest {
    private static final RolloutConfig ROLLOUTS = new RolloutConfig(3, 4, Toys.LIMIT, 0.8, 1, 1, 1);
    private static final Rng RNG = Rng.of(4);
    /// In double: sums of some hundred terms of size 1, cached and whole passes.
    private static final double EPS = 1e-10;

    private static final Map<String, GroupPolicyConfig> ALL = Map.ofEntries(
            Map.entry("grpo", GroupPolicyConfig.grpo()),
            Map.entry("dr_grpo", GroupPolicyConfig.drGrpo()),
            Map.entry("bnpo", GroupPolicyConfig.bnpo()),
            Map.entry("dapo", GroupPolicyConfig.dapo()),
            Map.entry("gspo", GroupPolicyConfig.gspo()),
            Map.entry("luspo", GroupPolicyConfig.luspo()),
            Map.entry("cispo", GroupPolicyConfig.cispo()),
            Map.entry("sapo", GroupPolicyConfig.sapo()),
            Map.entry("vespo", GroupPolicyConfig.vespo()),
            Map.entry("rloo", GroupPolicyConfig.rloo()),
            Map.entry("reinforce", GroupPolicyConfig.reinforce()));

    private static GroupPolicyTask task(Gpt gpt, Environment environment, RolloutConfig rollouts, GroupPolicyConfig c) {
        return new GroupPolicyTask(gpt, null, environment, rollouts, c, RNG);
    }

    /// The completions that the task's first iteration draws, drawn here by themselves.
    private static List<Completion> drawn(Gpt gpt, RolloutConfig rollouts) {
        Sampling sampling = Sampling.defaults().withTemperature(rollouts.temperature());
        return new Rollouts(gpt, sampling, Toys.END, Toys.LIMIT)
                .of(Toys.prompts(Toys.threes(), rollouts, 0), RNG.at("rollouts").at(0));
    }

    /// `-Σ_i w_i Σ_t A_i·log p_t` from whole passes over one completion at a time, the advantages from their
    /// formulas.
    private static double[] reinforce(Gpt gpt, String method, List<Completion> completions, List<int[]> prompts) {
        int n = completions.size();
        int group = ROLLOUTS.numGenerations();
        double[] rewards = completions.stream()
                .mapToDouble(each -> Toys.threes().problem(0).reward(each))
                .toArray();
        int tokens = completions.stream().mapToInt(Completion::length).sum();
        gpt.parameters().forEach(Tensor::zeroGrad);
        for (int i = 0; i < n; i++) {
            double[] own = Arrays.copyOfRange(rewards, i / group * group, (i / group + 1) * group);
            double mean = Arrays.stream(own).average().orElseThrow();
            double std = Math.sqrt(
                    Arrays.stream(own).map(r -> (r - mean) * (r - mean)).sum() / (group - 1));
            double advantage = switch (method) {
                case "dr_grpo" -> rewards[i] - mean;
                case "reinforce" ->
                    rewards[i] - Arrays.stream(rewards).average().orElseThrow();
                case "rloo" -> rewards[i] - (Arrays.stream(own).sum() - rewards[i]) / (group - 1);
                default -> std == 0 ? 0 : (rewards[i] - mean) / (std + 1e-4);
            };
            int length = completions.get(i).length();
            double weight = switch (method) {
                case "grpo", "gspo", "sapo" -> 1.0 / n / length;
                case "luspo" -> 1.0 / n;
                case "dr_grpo", "rloo", "reinforce" -> 1.0 / n / Toys.LIMIT;
                default -> 1.0 / tokens;
            };
            Toys.plainLogProbs(gpt, prompts.get(i), completions.get(i).tokens(), ROLLOUTS.temperature())
                    .sum()
                    .mul(-advantage * weight)
                    .backward();
        }
        return Toys.gradients(gpt);
    }

    /// ρ = 1, and its gradient is that of log π: neither the prompt nor padding counts, groups are those of a
    /// prompt, the old log-probabilities are constants.
    @Test
    void theFirstGradientIsThatOfReinforceWithABaseline() {
        for (String method : ALL.keySet()) {
            Gpt gpt = Toys.gpt(1, DType.FLOAT64);
            double[] found = Toys.gradient(task(gpt, Toys.threes(), ROLLOUTS, ALL.get(method)), 0);
            double[] expected = reinforce(gpt, method, drawn(gpt, ROLLOUTS), Toys.prompts(Toys.threes(), ROLLOUTS, 0));
            assertThat(found).as(method).containsExactly(expected, within(EPS));
            assertThat(Arrays.stream(found).map(Math::abs).max().orElseThrow()).isGreaterThan(1e-3);
        }
    }

    @Test
    void theRatioIsOneInTheFirstPassAndNothingIsClipped() {
        for (String method : ALL.keySet()) {
            GroupPolicyTask task = task(Toys.gpt(1, DType.FLOAT32), Toys.threes(), ROLLOUTS, ALL.get(method));
            Toys.gradient(task, 0);
            // gspo's clip begins at 3e-4, far above the rounding of float32
            assertThat(task.metrics()).containsEntry("clip_ratio/region_mean", 0.0);
            PolicyTask.Minibatch part = task.parts(0).getFirst();
            double[][] now = task.logProbs(task.policy().eval(), List.of(part.rows()));
            double[][] then = task.experience().get(Experience.Column.LOG_PROBS);
            for (int i = 0; i < now.length; i++) {
                assertThat(now[i]).containsExactly(then[part.members()[i]], within(2e-5));
            }
        }
    }

    @Test
    void dropoutIsOffAsItWasWhenTheCompletionsWereDrawn() {
        Gpt gpt = new Gpt(Toys.SIZE.withDropout(0.5), Rng.of(1));
        gpt.random(RNG);
        GroupPolicyTask task = task(gpt, Toys.threes(), ROLLOUTS, GroupPolicyConfig.gspo());
        Toys.gradient(task, 0);
        assertThat(task.metrics()).containsEntry("clip_ratio/region_mean", 0.0);
        assertThat(gpt.training()).isTrue();
    }

    /// Micro-batches are weighted so that they add up to the step, but for bnpo, whose mean is over each.
    @Test
    void partsAddUpToTheWhole() {
        for (String method : List.of("grpo", "dr_grpo", "dapo", "luspo", "cispo", "sapo", "vespo")) {
            double[] whole =
                    Toys.gradient(task(Toys.gpt(1, DType.FLOAT64), Toys.threes(), ROLLOUTS, ALL.get(method)), 0);
            double[] parts = Toys.gradient(
                    task(Toys.gpt(1, DType.FLOAT64), Toys.threes(), ROLLOUTS.withAccumulation(3), ALL.get(method)), 0);
            assertThat(parts).as(method).containsExactly(whole, within(EPS));
        }
    }

    @Test
    void eachEpochLearnsFromEveryCompletionOnce() {
        RolloutConfig config = new RolloutConfig(3, 4, Toys.LIMIT, 1, 2, 3, 2);
        GroupPolicyTask task = task(Toys.gpt(1, DType.FLOAT32), Toys.threes(), config, GroupPolicyConfig.grpo());
        List<List<Integer>> orders = new ArrayList<>();
        for (int epoch = 0; epoch < 2; epoch++) {
            List<Integer> members = new ArrayList<>();
            for (int minibatch = 0; minibatch < 3; minibatch++) {
                List<PolicyTask.Minibatch> parts = task.parts(epoch * 3 + minibatch);
                assertThat(parts).hasSize(2);
                parts.forEach(part -> Arrays.stream(part.members()).forEach(members::add));
            }
            assertThat(members).hasSize(12).doesNotHaveDuplicates();
            orders.add(members);
        }
        assertThat(orders.get(0)).isNotEqualTo(orders.get(1));
    }

    @Test
    void theNextIterationAsksOtherPromptsWithTheWeightsOfThen() {
        Gpt gpt = Toys.gpt(1, DType.FLOAT32);
        GroupPolicyTask task = task(gpt, Toys.threes(), ROLLOUTS.withNumIterations(2), GroupPolicyConfig.grpo());
        List<int[]> first = tokens(task, 0);
        Toys.move(gpt, 0.5);
        assertThat(tokens(task, 1)).usingRecursiveComparison().isEqualTo(first);
        assertThat(tokens(task, 2)).usingRecursiveComparison().isNotEqualTo(first);
    }

    private static List<int[]> tokens(GroupPolicyTask task, int step) {
        task.parts(step);
        return task.experience().completions().stream().map(Completion::tokens).toList();
    }

    @Test
    void equalRewardsAndGroupsOfOneTeachNothing() {
        Environment equal = new Toys.Problems(completion -> 0.1);
        for (GroupPolicyConfig config : ALL.values()) {
            assertThat(Toys.gradient(task(Toys.gpt(1, DType.FLOAT32), equal, ROLLOUTS, config), 0))
                    .satisfies(Toys::allZero);
            if (config.advantage() == GroupAdvantage.BATCH_CENTRED) {
                continue;
            }
            RolloutConfig alone = ROLLOUTS.withPrompts(12).withNumGenerations(1);
            assertThat(Toys.gradient(task(Toys.gpt(1, DType.FLOAT32), Toys.threes(), alone, config), 0))
                    .satisfies(Toys::allZero);
        }
    }

    /// `β·mean k` on top of the loss, by its formula from the log-probabilities of policy and reference.
    @Test
    void theDivergenceIsAddedToTheLoss() {
        Environment equal = new Toys.Problems(completion -> 1);
        Gpt gpt = Toys.gpt(1, DType.FLOAT64);
        Gpt base = Toys.gpt(1, DType.FLOAT64);
        Toys.move(gpt, 0.2);
        GroupPolicyConfig config = GroupPolicyConfig.dapo().withBeta(0.7);
        var task = new GroupPolicyTask(gpt, ReferenceModel.frozen(base), equal, ROLLOUTS, config, RNG);
        List<Completion> completions = drawn(gpt, ROLLOUTS);
        List<int[]> prompts = Toys.prompts(equal, ROLLOUTS, 0);
        double sum = 0;
        int tokens = 0;
        for (int i = 0; i < completions.size(); i++) {
            int[] own = completions.get(i).tokens();
            double[] p = Toys.plainLogProbs(gpt, prompts.get(i), own, 0.8).toArray();
            double[] q = Toys.plainLogProbs(base, prompts.get(i), own, 0.8).toArray();
            for (int t = 0; t < own.length; t++, tokens++) {
                sum += Math.exp(q[t] - p[t]) - (q[t] - p[t]) - 1;
            }
        }
        double expected = sum / tokens;
        assertThat(expected).isGreaterThan(1e-3);
        assertThat(task.parts(0).getFirst().loss().item()).isEqualTo(0.7 * expected, within(EPS));
        assertThat(task.metrics().get("kl")).isEqualTo(expected, within(EPS));
        assertThat(base.parameters()).allMatch(p -> !p.requiresGrad());
    }

    /// In the reward it changes the advantages: of equal rewards, the completion that departs most is the
    /// worst.
    @Test
    void theDivergenceIsSubtractedFromTheReward() {
        Environment equal = new Toys.Problems(completion -> 1);
        Gpt gpt = Toys.gpt(1, DType.FLOAT64);
        Gpt base = Toys.gpt(1, DType.FLOAT64);
        Toys.move(gpt, 0.2);
        GroupPolicyConfig config = GroupPolicyConfig.drGrpo().withBeta(0.7).withKl(KlEstimator.K1, true);
        var task = new GroupPolicyTask(gpt, ReferenceModel.frozen(base), equal, ROLLOUTS, config, RNG);
        task.parts(0);
        double[][] old = task.experience().get(Experience.Column.LOG_PROBS);
        double[][] ref = task.experience().get(Experience.Column.REFERENCE_LOG_PROBS);
        double sum = 0;
        int tokens = 0;
        for (int i = 0; i < old.length; i++) {
            for (int t = 0; t < old[i].length; t++, tokens++) {
                sum += old[i][t] - ref[i][t];
            }
        }
        assertThat(task.metrics().get("kl")).isEqualTo(sum / tokens, within(EPS));
        double[][] advantages = task.experience().get(Experience.Column.ADVANTAGES);
        for (int g = 0; g < 3; g++) {
            double[] paid = new double[4];
            for (int i = 0; i < 4; i++) {
                paid[i] = 1
                        - 0.7
                                * (Arrays.stream(old[4 * g + i]).sum()
                                        - Arrays.stream(ref[4 * g + i]).sum());
            }
            double mean = Arrays.stream(paid).average().orElseThrow();
            for (int i = 0; i < 4; i++) {
                for (double each : advantages[4 * g + i]) {
                    assertThat(each).isEqualTo(paid[i] - mean, within(EPS));
                }
            }
        }
    }

    @Test
    void entropyIsRewarded() {
        Environment equal = new Toys.Problems(completion -> 1);
        var with = task(
                Toys.gpt(1, DType.FLOAT64),
                equal,
                ROLLOUTS,
                GroupPolicyConfig.dapo().withEntropyCoef(0.1));
        double loss = with.parts(0).getFirst().loss().item();
        double entropy = with.metrics().get("entropy");
        assertThat(entropy).isBetween(0.1, Math.log(Toys.VOCAB));
        assertThat(loss).isEqualTo(-0.1 * entropy, within(EPS));
    }

    @Test
    void metricsHaveTrlsNames() {
        GroupPolicyTask task = task(Toys.gpt(1, DType.FLOAT32), Toys.threes(), ROLLOUTS, GroupPolicyConfig.grpo());
        Toys.gradient(task, 0);
        assertThat(task.metrics())
                .containsKeys(
                        "reward",
                        "reward_std",
                        "frac_reward_zero_std",
                        "completions/mean_length",
                        "completions/min_length",
                        "completions/max_length",
                        "clip_ratio/low_mean",
                        "clip_ratio/low_min",
                        "clip_ratio/high_mean",
                        "clip_ratio/high_max",
                        "clip_ratio/region_mean",
                        "entropy");
        double[] rewards = task.experience().rewards();
        assertThat(task.metrics().get("reward"))
                .isEqualTo(Arrays.stream(rewards).average().orElseThrow(), within(1e-12));
        assertThat(task.evaluate(0).orElseThrow()).isLessThanOrEqualTo(0);
    }

    @Test
    void learnsWhatIsPaid() {
        Gpt gpt = Toys.gpt(1, DType.FLOAT32);
        TrainConfig config = TrainConfig.defaults()
                .withSteps(150)
                .withSchedule(ScheduleKind.CONSTANT)
                .withLr(1e-2)
                .withWarmup(0)
                .withWeightDecay(0)
                .withEvalEvery(0);
        GroupPolicyTask task = task(gpt, Toys.threes(), ROLLOUTS.withPrompts(8), GroupPolicyConfig.grpo());
        double before = task.evaluate(0).orElseThrow();
        Trainer.of(task, config).run();
        assertThat(before).isGreaterThan(-4);
        assertThat(task.evaluate(0).orElseThrow()).isEqualTo(-5, within(1e-9)); // five 3s
    }

    @Test
    void badInput() {
        Gpt gpt = Toys.gpt(1, DType.FLOAT32);
        for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            var task = task(gpt, new Toys.Problems(completion -> bad), ROLLOUTS, GroupPolicyConfig.grpo());
            assertThatThrownBy(() -> task.parts(0))
                    .isInstanceOf(NumericException.class)
                    .hasMessageContaining("prompt [")
                    .hasMessageContaining(String.valueOf(bad));
        }
        assertThatThrownBy(() -> GroupPolicyConfig.grpo().withBeta(-0.1))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("beta")
                .hasMessageContaining("-0.1");
        assertThatThrownBy(() -> task(
                        gpt, Toys.threes(), ROLLOUTS, GroupPolicyConfig.grpo().withBeta(0.1)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("reference");
        Gpt other = new Gpt(Toys.SIZE.withVocabSize(9), RNG);
        assertThatThrownBy(() -> new GroupPolicyTask(
                        gpt, ReferenceModel.frozen(other), Toys.threes(), ROLLOUTS, GroupPolicyConfig.grpo(), RNG))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("vocabulary")
                .hasMessageContaining("got 9");
        assertThatThrownBy(() -> new RolloutConfig(3, 4, 5, 1, 1, 5, 1).validate())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("3·4");
        assertThatThrownBy(() -> ROLLOUTS.withTemperature(0))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("temperature");
    }
}
