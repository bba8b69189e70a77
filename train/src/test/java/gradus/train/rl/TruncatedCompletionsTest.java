package gradus.train.rl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import gradus.layers.model.Gpt;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// [GroupPolicyConfig#maskTruncatedCompletions], against plain loops over one completion at a time.
class TruncatedCompletionsTest {
    private static final RolloutConfig ROLLOUTS = new RolloutConfig(3, 4, Toys.LIMIT, 0.8, 1, 1, 1);
    private static final Rng RNG = Rng.of(4);

    /// In double: sums of some hundred terms of size 1, cached and whole passes.
    private static final double EPS = 1e-10;

    private static final Map<String, GroupPolicyConfig> METHODS = Map.of(
            "grpo", GroupPolicyConfig.grpo(),
            "dr_grpo", GroupPolicyConfig.drGrpo(),
            "dapo", GroupPolicyConfig.dapo(),
            "gspo", GroupPolicyConfig.gspo(),
            "luspo", GroupPolicyConfig.luspo(),
            "cispo", GroupPolicyConfig.cispo(),
            "sapo", GroupPolicyConfig.sapo(),
            "vespo", GroupPolicyConfig.vespo());

    private static GroupPolicyTask task(Gpt gpt, Environment environment, RolloutConfig rollouts, GroupPolicyConfig c) {
        return new GroupPolicyTask(gpt, null, environment, rollouts, c.withMaskTruncatedCompletions(true), RNG);
    }

    /// Rewards of all completions make the advantages; only those that ended are learned from and counted.
    private static double[] expected(Gpt gpt, String method, List<Completion> completions, List<int[]> prompts) {
        int n = completions.size();
        int group = ROLLOUTS.numGenerations();
        double[] rewards = completions.stream()
                .mapToDouble(each -> Toys.threes().problem(0).reward(each))
                .toArray();
        int tokens = completions.stream()
                .filter(Completion::ended)
                .mapToInt(Completion::length)
                .sum();
        gpt.parameters().forEach(Tensor::zeroGrad);
        for (int i = 0; i < n; i++) {
            double[] own = Arrays.copyOfRange(rewards, i / group * group, (i / group + 1) * group);
            double mean = Arrays.stream(own).average().orElseThrow();
            double std = Math.sqrt(
                    Arrays.stream(own).map(r -> (r - mean) * (r - mean)).sum() / (group - 1));
            double advantage = method.equals("dr_grpo") ? rewards[i] - mean : (rewards[i] - mean) / (std + 1e-4);
            double weight = switch (method) {
                case "grpo", "gspo", "sapo" -> 1.0 / n / completions.get(i).length();
                case "dr_grpo" -> 1.0 / n / Toys.LIMIT;
                case "luspo" -> 1.0 / n;
                default -> 1.0 / tokens;
            };
            if (completions.get(i).ended()) {
                Toys.plainLogProbs(gpt, prompts.get(i), completions.get(i).tokens(), ROLLOUTS.temperature())
                        .sum()
                        .mul(-advantage * weight)
                        .backward();
            }
        }
        return Toys.gradients(gpt);
    }

    @Test
    void whatWasCutTeachesNothingButIsComparedWith() {
        METHODS.forEach((method, config) -> {
            Gpt gpt = Toys.gpt(1, DType.FLOAT64);
            GroupPolicyTask task = task(gpt, Toys.threes(), ROLLOUTS, config);
            double[] found = Toys.gradient(task, 0);
            List<Completion> completions = task.experience().completions();
            assertThat(completions).anyMatch(Completion::ended).anyMatch(each -> !each.ended());
            assertThat(found)
                    .as(method)
                    .containsExactly(
                            expected(gpt, method, completions, Toys.prompts(Toys.threes(), ROLLOUTS, 0)), within(EPS));
            assertThat(Arrays.stream(found).map(Math::abs).max().orElseThrow()).isGreaterThan(1e-3);
        });
    }

    @Test
    void partsAddUpToTheWhole() {
        for (String method : List.of("grpo", "dr_grpo", "dapo", "luspo", "cispo")) {
            double[] whole =
                    Toys.gradient(task(Toys.gpt(1, DType.FLOAT64), Toys.threes(), ROLLOUTS, METHODS.get(method)), 0);
            double[] parts = Toys.gradient(
                    task(Toys.gpt(1, DType.FLOAT64), Toys.threes(), ROLLOUTS.withAccumulation(6), METHODS.get(method)),
                    0);
            assertThat(parts).as(method).containsExactly(whole, within(EPS));
        }
    }

    /// Completions of one token, none of which is the end: nothing is learned, and nothing becomes NaN.
    @Test
    void whereAllWereCutNothingIsLearned() {
        RolloutConfig oneToken = ROLLOUTS.withMaxCompletionLength(1).withAccumulation(2);
        METHODS.forEach((method, config) -> {
            Gpt gpt = Toys.gpt(1, DType.FLOAT64);
            GroupPolicyTask task =
                    task(gpt, new Ending(neverDrawn(gpt, oneToken)), oneToken, config.withEntropyCoef(0.1));
            assertThat(Toys.gradient(task, 0)).as(method).satisfies(Toys::allZero);
            assertThat(task.experience().completions()).noneMatch(Completion::ended);
            assertThat(task.metrics()).doesNotContainKeys("entropy", "clip_ratio/region_mean");
            assertThat(task.metrics().values()).allMatch(Double::isFinite);
        });
    }

    /// A token that none of the task's completions of one token is.
    private static int neverDrawn(Gpt gpt, RolloutConfig rollouts) {
        GroupPolicyTask task = task(gpt, Toys.threes(), rollouts, GroupPolicyConfig.grpo());
        task.parts(0);
        Set<Integer> drawn = task.experience().completions().stream()
                .map(each -> each.tokens()[0])
                .collect(Collectors.toSet());
        return IntStream.range(0, Toys.VOCAB)
                .filter(token -> !drawn.contains(token))
                .findFirst()
                .orElseThrow();
    }

    /// The same problems with another token as end.
    private record Ending(int end) implements Environment {
        @Override
        public Problem problem(long number) {
            return Toys.threes().problem(number);
        }

        @Override
        public List<? extends Problem> heldOut() {
            return List.of();
        }

        @Override
        public String fingerprint() {
            return "ending";
        }
    }

    /// Metrics are of what teaches, as in TRL.
    @Test
    void entropyIsThatOfTheCompletionsThatEnded() {
        Gpt gpt = Toys.gpt(1, DType.FLOAT64);
        GroupPolicyTask masked = task(gpt, Toys.threes(), ROLLOUTS, GroupPolicyConfig.grpo());
        Toys.gradient(masked, 0);
        var all = new GroupPolicyTask(gpt, null, Toys.threes(), ROLLOUTS, GroupPolicyConfig.grpo(), RNG);
        Toys.gradient(all, 0);
        assertThat(masked.metrics().get("entropy")).isNotEqualTo(all.metrics().get("entropy"));
        assertThat(masked.metrics().get("completions/clipped_ratio"))
                .isEqualTo(all.metrics().get("completions/clipped_ratio"));
        assertThat(masked.fingerprint()).isNotEqualTo(all.fingerprint());
    }
}
