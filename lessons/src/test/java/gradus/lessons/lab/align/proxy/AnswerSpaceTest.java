package gradus.lessons.lab.align.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.layers.model.Gpt;
import gradus.layers.model.config.GptConfig;
import gradus.tensor.random.Rng;
import gradus.train.generate.Sampling;
import gradus.train.rl.Completion;
import gradus.train.rl.Rollouts;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class AnswerSpaceTest {
    private static Gpt gpt(int vocabulary, int limit, long seed) {
        Gpt gpt = new Gpt(new GptConfig(vocabulary, 1 + limit, 1, 2, 8, 0), Rng.of(seed));
        gpt.parameters().forEach(p -> p.copyFrom(p.mul(4))); // so that answers are not all alike likely
        return gpt;
    }

    @Property(tries = 200)
    void answersAreAllAndEachOnce(
            @ForAll @IntRange(min = 2, max = 5) int vocabulary, @ForAll @IntRange(min = 1, max = 4) int limit) {
        AnswerSpace space = new AnswerSpace(vocabulary, limit);
        int words = vocabulary - 1;
        int expected = 0;
        for (int length = 0; length <= limit; length++) {
            expected += (int) Math.pow(words, length);
        }
        assertThat(space.count()).isEqualTo(expected);
        for (int n = 0; n < space.count(); n++) {
            assertThat(space.numberOf(space.answers().get(n).clone())).isEqualTo(n);
        }
    }

    /// The probabilities of all answers are one, and each is that which the draw notes.
    @Test
    void probabilitiesAreThoseOfTheDraws() {
        AnswerSpace space = new AnswerSpace(4, 3);
        Gpt gpt = gpt(4, 3, 2);
        double[] probs = space.probs(gpt);
        assertThat(Arrays.stream(probs).sum()).isCloseTo(1, within(1e-5)); // float32
        assertThat(gpt.training()).isTrue();
        List<Completion> drawn = new Rollouts(gpt, Sampling.defaults(), AnswerSpace.END, 3)
                .groups(List.of(new int[] {AnswerSpace.START}), 2000, Rng.of(1));
        int[] counts = new int[space.count()];
        for (Completion each : drawn) {
            int number = space.numberOf(each.tokens());
            counts[number]++;
            assertThat(Math.log(probs[number])).isCloseTo(each.logProbability(), within(1e-4));
        }
        double chi = 0;
        for (int n = 0; n < counts.length; n++) {
            chi += Math.pow(counts[n] - 2000 * probs[n], 2) / (2000 * probs[n]);
        }
        int freedom = counts.length - 1;
        assertThat(chi).isLessThan(freedom + 4 * Math.sqrt(2.0 * freedom));
    }

    @Test
    void meansAndDivergencesAreSums() {
        double[] p = {0.5, 0.5, 0};
        double[] q = {0.25, 0.5, 0.25};
        assertThat(AnswerSpace.mean(p, new double[] {1, 3, 100})).isEqualTo(2);
        assertThat(AnswerSpace.divergence(p, q)).isCloseTo(0.5 * Math.log(2), within(1e-15));
    }

    @Test
    void waysAreReadBetweenTheirPoints() {
        List<Point> way = List.of(new Point(0, 0, 0), new Point(2, 4, 1), new Point(1, 5, 3), new Point(4, 8, -3));
        assertThat(Point.at(way, 1, Point::proxy)).isEqualTo(2);
        assertThat(Point.at(way, 3, Point::gold)).isCloseTo(-1, within(1e-12));
        assertThat(Point.at(way, 5, Point::gold)).isNaN();
        assertThat(Point.peak(way)).isEqualTo(way.get(2));
    }

    @Test
    void badInput() {
        assertThatThrownBy(() -> new AnswerSpace(50, 4))
                .isInstanceOf(ConfigException.class)
                .hasMessage(
                        "there must be at least 2 tokens, and answers of 1 to 64, at most 20000 of them; got 50 and 4");
        assertThatThrownBy(() -> new AnswerSpace(2, Integer.MAX_VALUE)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new AnswerSpace(3, 2).numberOf(new int[] {AnswerSpace.START}))
                .isInstanceOf(ConfigException.class)
                .hasMessage("[0] is no whole answer of at most 2 tokens");
        assertThatThrownBy(() -> new ProxyPlan(5, 5, 100, 100, 1, 1, 1)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new ProxyPlan(5, 5, 10, 100, 0, 1, 1)).isInstanceOf(ConfigException.class);
    }
}
