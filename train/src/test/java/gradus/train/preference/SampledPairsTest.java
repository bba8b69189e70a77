package gradus.train.preference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import gradus.error.NumericException;
import gradus.layers.model.Gpt;
import gradus.layers.model.config.GptConfig;
import gradus.tensor.random.Rng;
import gradus.train.generate.Sampling;
import gradus.train.rl.Completion;
import gradus.train.rl.Environment;
import gradus.train.rl.Problem;
import gradus.train.rl.Rollouts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SampledPairsTest {
    private static final int END = 1;
    private static final int LIMIT = 4;

    private final Gpt gpt = new Gpt(new GptConfig(6, 8, 1, 1, 8, 0), Rng.of(3));

    /// Question n is the tokens n mod 6 and 2.
    private record Questions(ToDoubleFunction<Completion> reward) implements Environment {
        @Override
        public Problem problem(long number) {
            return new Problem() {
                @Override
                public int[] prompt() {
                    return new int[] {(int) (number % 6), 2};
                }

                @Override
                public double reward(Completion completion) {
                    return reward.applyAsDouble(completion);
                }

                @Override
                public String toString() {
                    return "question " + number;
                }
            };
        }

        @Override
        public List<Problem> heldOut() {
            return List.of();
        }

        @Override
        public int end() {
            return END;
        }

        @Override
        public String fingerprint() {
            return "questions";
        }
    }

    private static double threes(Completion completion) {
        return Arrays.stream(completion.tokens()).filter(token -> token == 3).count();
    }

    /// The oracle draws the same answers by itself and sorts them by what they earn.
    @Property(tries = 200)
    void theBestIsChosenOverTheWorst(
            @ForAll @IntRange(min = 1, max = 7) int count,
            @ForAll @IntRange(min = 2, max = 5) int group,
            @ForAll long seed) {
        Questions questions = new Questions(SampledPairsTest::threes);
        PreferencePairs pairs = new SampledPairs(group, LIMIT, 1.5).of(gpt, questions, count, Rng.of(seed));

        List<int[]> prompts = new ArrayList<>();
        for (int n = 0; n < count; n++) {
            prompts.add(questions.problem(n).prompt());
        }
        List<Completion> drawn = new Rollouts(gpt, Sampling.defaults().withTemperature(1.5), END, LIMIT)
                .groups(prompts, group, Rng.of(seed).at(0));
        int pair = 0;
        for (int n = 0; n < count; n++) {
            List<Completion> own = new ArrayList<>(drawn.subList(n * group, (n + 1) * group));
            own.sort((a, b) -> Double.compare(threes(b), threes(a))); // stable: the first of equals stays first
            double worst = threes(own.getLast());
            if (threes(own.getFirst()) == worst) {
                continue;
            }
            Completion last = own.stream()
                    .filter(each -> threes(each) == worst)
                    .findFirst()
                    .orElseThrow();
            assertThat(pairs.chosen().ids(pair))
                    .isEqualTo(joined(prompts.get(n), own.getFirst().tokens()));
            assertThat(pairs.rejected().ids(pair)).isEqualTo(joined(prompts.get(n), last.tokens()));
            for (int place = 0; place < pairs.chosen().length(pair); place++) {
                assertThat(pairs.chosen().learned(pair, place)).isEqualTo(place >= 2);
            }
            pair++;
        }
        assertThat(pairs.count()).isEqualTo(pair);
    }

    private static int[] joined(int[] prompt, int[] answer) {
        int[] all = Arrays.copyOf(prompt, prompt.length + answer.length);
        System.arraycopy(answer, 0, all, prompt.length, answer.length);
        return all;
    }

    @Test
    void everyQuestionIsAskedAlsoIfTheyDoNotFitInOnePass() {
        Questions questions = new Questions(Completion::length);
        int count = 300; // of 4 answers each, of which 512 are drawn together
        PreferencePairs pairs = new SampledPairs(4, LIMIT, 1.5).of(gpt, questions, count, Rng.of(1));
        int[] asked = new int[6];
        for (int i = 0; i < pairs.count(); i++) {
            assertThat(pairs.chosen().length(i)).isGreaterThan(pairs.rejected().length(i));
            asked[pairs.chosen().ids(i)[0]]++;
        }
        assertThat(Arrays.stream(asked).min().orElseThrow()).isPositive();
        assertThat(pairs.count()).isGreaterThan(150).isLessThanOrEqualTo(count);
    }

    @Test
    void equalRewardsGiveNoPair() {
        PreferencePairs pairs = new SampledPairs(4, LIMIT, 1).of(gpt, new Questions(any -> 1), 20, Rng.of(1));
        assertThat(pairs.count()).isZero();
    }

    @Test
    void refusesWhatCannotBe() {
        assertThatThrownBy(() -> new SampledPairs(1, LIMIT, 1))
                .isInstanceOf(ConfigException.class)
                .hasMessage("sampled pairs: numGenerations must be at least 2; got 1");
        assertThatThrownBy(() -> new SampledPairs(2, LIMIT, 0)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new SampledPairs(2, 20, 1).of(gpt, new Questions(any -> 1), 1, Rng.of(1)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("do not fit in the context of 8");
        for (double reward : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> new SampledPairs(2, LIMIT, 1).of(gpt, new Questions(any -> reward), 1, Rng.of(1)))
                    .isInstanceOf(NumericException.class)
                    .hasMessageContaining("for the prompt question 0 is " + reward);
        }
    }
}
