package gradus.train.rl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.error.NumericException;
import gradus.layers.model.Gpt;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ScoredPromptsTest {
    private static final List<int[]> HELD_OUT = List.of(new int[] {1, 1}, new int[] {5});

    private static List<int[]> prompts(int count) {
        List<int[]> prompts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            prompts.add(new int[] {i % 6, i / 6 % 6});
        }
        return prompts;
    }

    /// Sums of all ids: no two of the toys here are the same.
    private static double[] sums(List<int[]> prompts, List<Completion> completions) {
        double[] sums = new double[completions.size()];
        Arrays.setAll(
                sums,
                i -> 10 * Arrays.stream(prompts.get(i)).sum()
                        + Arrays.stream(completions.get(i).tokens()).sum());
        return sums;
    }

    private static ScoredPrompts of(int count, OptionalDouble penalty, long seed) {
        return new ScoredPrompts(
                prompts(count), HELD_OUT, Toys.END, ScoredPromptsTest::sums, "sums", penalty, Rng.of(seed));
    }

    @Property(tries = 200)
    void eachEpochAsksEveryPromptOnce(@ForAll long seed, @ForAll @IntRange(min = 1, max = 36) int count) {
        ScoredPrompts environment = of(count, OptionalDouble.empty(), seed);
        for (int epoch = 0; epoch < 2; epoch++) {
            List<String> asked = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                asked.add(Arrays.toString(
                        environment.problem((long) epoch * count + i).prompt()));
            }
            assertThat(asked).doesNotHaveDuplicates();
        }
        assertThat(of(count, OptionalDouble.empty(), seed).problem(count + 3L).prompt())
                .isEqualTo(environment.problem(count + 3L).prompt());
    }

    /// Only what did not end is paid less, and many are paid what each is paid alone.
    @Property(tries = 200)
    void whatDoesNotEndIsPaidLess(
            @ForAll long seed, @ForAll @DoubleRange(min = 0, max = 9) double penalty, @ForAll boolean ended) {
        ScoredPrompts free = of(7, OptionalDouble.empty(), seed);
        ScoredPrompts strict = of(7, OptionalDouble.of(penalty), seed);
        Completion one = new Completion(new int[] {3, Toys.END}, new double[2], ended);
        Completion two = new Completion(new int[] {4}, new double[1], !ended);
        List<Problem> asked = List.of(strict.problem(0), strict.problem(1));
        double[] paid = strict.rewards(asked, List.of(one, two));
        double[] plain = free.rewards(List.of(free.problem(0), free.problem(1)), List.of(one, two));
        assertThat(paid[0]).isCloseTo(plain[0] - (ended ? 0 : penalty), within(1e-12));
        assertThat(paid[1]).isCloseTo(plain[1] - (ended ? penalty : 0), within(1e-12));
        assertThat(asked.get(0).reward(one)).isEqualTo(paid[0]);
        assertThat(asked.get(1).reward(two)).isEqualTo(paid[1]);
    }

    @Test
    void aPolicyLearnsWhatIsScored() {
        Gpt gpt = Toys.gpt(1, DType.FLOAT64);
        ScoredPrompts environment = new ScoredPrompts(
                prompts(6), HELD_OUT, Toys.END, ScoredPromptsTest::sums, "sums", OptionalDouble.of(1), Rng.of(1));
        RolloutConfig rollouts =
                RolloutConfig.defaults().withPrompts(2).withNumGenerations(3).withMaxCompletionLength(Toys.LIMIT);
        GroupPolicyTask task =
                new GroupPolicyTask(gpt, null, environment, rollouts, GroupPolicyConfig.grpo(), Rng.of(2));
        task.parts(0);
        double[] rewards = task.experience().rewards();
        List<Completion> completions = task.experience().completions();
        for (int i = 0; i < rewards.length; i++) {
            int[] prompt = environment.problem(i / 3).prompt();
            double expected = sums(List.of(prompt), List.of(completions.get(i)))[0]
                    - (completions.get(i).ended() ? 0 : 1);
            assertThat(rewards[i]).isEqualTo(expected);
        }
        double heldOut = new HeldOut(gpt, environment, Toys.LIMIT).greedyReward(9);
        assertThat(task.evaluate(0).orElseThrow()).isEqualTo(-heldOut);
    }

    @Test
    void aScoreThatIsNoNumberIsNamed() {
        ScoredPrompts environment = new ScoredPrompts(
                prompts(2),
                List.of(),
                Toys.END,
                (asked, completions) -> new double[] {1, Double.NaN},
                "nan",
                OptionalDouble.empty(),
                Rng.of(1));
        RolloutConfig rollouts =
                RolloutConfig.defaults().withPrompts(1).withNumGenerations(2).withMaxCompletionLength(2);
        GroupPolicyTask task = new GroupPolicyTask(
                Toys.gpt(1, DType.FLOAT64), null, environment, rollouts, GroupPolicyConfig.grpo(), Rng.of(2));
        assertThatThrownBy(() -> task.parts(0))
                .isInstanceOf(NumericException.class)
                .hasMessageContaining("for the prompt of 2 tokens is NaN");
    }

    /// A scorer may keep its numbers, and must give one for each completion.
    @Test
    void whatAScorerGivesIsNotChangedAndCounted() {
        double[] kept = {1, 2};
        ScoredPrompts environment = new ScoredPrompts(
                prompts(2), List.of(), Toys.END, (asked, all) -> kept, "kept", OptionalDouble.of(3), Rng.of(1));
        List<Problem> problems = List.of(environment.problem(0), environment.problem(1));
        Completion cut = new Completion(new int[] {1}, new double[1], false);
        Completion ended = new Completion(new int[] {Toys.END}, new double[1], true);
        for (int again = 0; again < 2; again++) {
            assertThat(environment.rewards(problems, List.of(cut, ended))).containsExactly(-2, 2);
        }
        assertThatThrownBy(() -> environment.rewards(problems.subList(0, 1), List.of(cut)))
                .isInstanceOf(ConfigException.class)
                .hasMessage("scored prompts: there must be a score for each of the 1 completions; got 2");
    }

    @Test
    void fingerprintsTellEverything() {
        String one = of(3, OptionalDouble.empty(), 1).fingerprint();
        assertThat(of(3, OptionalDouble.empty(), 1).fingerprint()).isEqualTo(one);
        assertThat(List.of(
                        of(4, OptionalDouble.empty(), 1).fingerprint(),
                        of(3, OptionalDouble.of(1), 1).fingerprint(),
                        of(3, OptionalDouble.empty(), 2).fingerprint()))
                .doesNotContain(one)
                .doesNotHaveDuplicates();
    }

    @Test
    void whatDoesNotFitIsRefused() {
        assertThatThrownBy(() -> of(0, OptionalDouble.empty(), 1))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("at least one prompt");
        assertThatThrownBy(() -> of(1, OptionalDouble.of(-1), 1))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("missingEosPenalty must be a number of at least 0; got -1.0");
        assertThatThrownBy(() -> new ScoredPrompts(
                        List.of(new int[0]),
                        List.of(),
                        2,
                        ScoredPromptsTest::sums,
                        "",
                        OptionalDouble.empty(),
                        Rng.of(1)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("at least 1 token");
        List<Completion> one = List.of(new Completion(new int[] {1}, new double[1], true));
        assertThatThrownBy(() -> BestOfN.of(one, new double[2])).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> BestOfN.of(one, new double[] {Double.NaN})).isInstanceOf(NumericException.class);
    }
}
