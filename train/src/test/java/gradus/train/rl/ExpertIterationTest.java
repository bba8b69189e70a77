package gradus.train.rl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.layers.model.Gpt;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import gradus.train.generate.Sampling;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExpertIterationTest {
    private static final RolloutConfig ROLLOUTS = new RolloutConfig(3, 4, Toys.LIMIT, 0.8, 1, 1, 1);
    private static final Rng RNG = Rng.of(4);

    /// The mean cross-entropy, at temperature 1, of the tokens of accepted completions and of no others.
    @Test
    void learnsTheAcceptedByHeart() {
        for (int accumulation : new int[] {1, 3}) {
            Gpt gpt = Toys.gpt(1, DType.FLOAT64);
            RolloutConfig rollouts = ROLLOUTS.withAccumulation(accumulation);
            var task = new ExpertIteration(gpt, Toys.threes(), rollouts, 1, RNG);
            double[] found = Toys.gradient(task, 0);
            List<Completion> completions = task.experience().completions();
            double[] rewards = task.experience().rewards();
            List<int[]> prompts = Toys.prompts(Toys.threes(), rollouts, 0);
            int tokens = 0;
            int accepted = 0;
            for (int i = 0; i < rewards.length; i++) {
                tokens += rewards[i] >= 1 ? completions.get(i).length() : 0;
                accepted += rewards[i] >= 1 ? 1 : 0;
            }
            assertThat(accepted).isBetween(1, 11);
            gpt.parameters().forEach(Tensor::zeroGrad);
            for (int i = 0; i < rewards.length; i++) {
                if (rewards[i] >= 1) {
                    Toys.plainLogProbs(gpt, prompts.get(i), completions.get(i).tokens(), 1)
                            .sum()
                            .mul(-1.0 / tokens)
                            .backward();
                }
            }
            assertThat(found).containsExactly(Toys.gradients(gpt), within(1e-10));
        }
    }

    @Test
    void withoutAnythingAcceptedNothingIsLearned() {
        var task = new ExpertIteration(Toys.gpt(1, DType.FLOAT64), Toys.threes(), ROLLOUTS, 99, RNG);
        assertThat(Toys.gradient(task, 0)).satisfies(Toys::allZero);
        assertThat(task.parts(0).getFirst().loss().item()).isEqualTo(0, within(0.0));
        assertThat(task.metrics()).containsEntry("accepted", 0.0);
    }

    @Test
    void bestOfNKeepsTheFirstOfTheBest() {
        Gpt gpt = Toys.gpt(1, DType.FLOAT32);
        var rollouts = new Rollouts(gpt, Sampling.defaults(), Toys.END, Toys.LIMIT);
        List<Problem> problems = List.of(Toys.threes().problem(0), Toys.threes().problem(1));
        List<BestOfN> best = BestOfN.of(rollouts, problems, 16, RNG);
        assertThat(best).hasSize(2);
        for (int i = 0; i < 2; i++) {
            BestOfN own = best.get(i);
            assertThat(own.scores()).hasSize(16);
            assertThat(own.score()).isEqualTo(Arrays.stream(own.scores()).max().orElseThrow());
            assertThat(problems.get(i).reward(own.best())).isEqualTo(own.score());
        }
        Completion one = new Completion(new int[] {1}, new double[1], false);
        Completion two = new Completion(new int[] {2}, new double[1], true);
        assertThat(BestOfN.of(List.of(one, two), each -> 7).best()).isSameAs(one);
        assertThat(BestOfN.mostDivergence(1)).isZero();
        assertThat(BestOfN.mostDivergence(4)).isEqualTo(Math.log(4) - 0.75, within(1e-15));
    }

    @Test
    void badInput() {
        Gpt gpt = Toys.gpt(1, DType.FLOAT32);
        assertThatThrownBy(() -> new ExpertIteration(gpt, Toys.threes(), ROLLOUTS, Double.NaN, RNG))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("threshold");
        assertThatThrownBy(() -> new ExpertIteration(null, Toys.threes(), ROLLOUTS, 1, RNG))
                .isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> BestOfN.of(List.of(), each -> 0)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> BestOfN.mostDivergence(0)).isInstanceOf(ConfigException.class);
    }
}
