package gradus.layers.loss.alignment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.error.ShapeException;
import gradus.tensor.GradientCheck;
import gradus.tensor.Tensor;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class AggregationTest {
    private static final int LIMIT = 7;
    private static final double STEP = 40;

    @Property(tries = 200)
    void equalsTheLoop(
            @ForAll @IntRange(min = 1, max = 5) int n, @ForAll @IntRange(min = 1, max = 6) int t, @ForAll long seed) {
        Tensor losses = Drawn.normal(seed, n, t);
        Tensor mask = Drawn.mask(seed, n, t);
        double ofSequences = 0;
        double sum = 0;
        int tokens = 0;
        for (int i = 0; i < n; i++) {
            double own = 0;
            int count = 0;
            for (int at = 0; at < t; at++) {
                if (mask.get(i, at) == 1) {
                    own += losses.get(i, at);
                    count++;
                }
            }
            ofSequences += count == 0 ? 0 : own / count / n;
            sum += own;
            tokens += count;
        }
        Map<Aggregation, Double> expected = Map.of(
                Aggregation.GRPO,
                ofSequences,
                Aggregation.BNPO,
                tokens == 0 ? 0 : sum / tokens,
                Aggregation.DR_GRPO,
                sum / (n * LIMIT),
                Aggregation.DAPO,
                sum / STEP,
                Aggregation.LUSPO,
                sum / n);
        expected.forEach((aggregation, value) -> assertThat(
                        aggregation.of(losses, mask, LIMIT, STEP).item())
                .as("%s", aggregation)
                .isCloseTo(value, within(1e-14)));
        // Where the batch is the whole step, the mean over tokens is one.
        double mean = tokens == 0 ? 0 : sum / tokens;
        assertThat(Aggregation.DAPO.of(losses, mask).item()).isCloseTo(mean, within(1e-14));
        assertThat(Aggregation.DR_GRPO.of(losses, mask).item()).isCloseTo(sum / (n * t), within(1e-14));
    }

    /// The parts of a step add up to its mean over tokens, however it is cut.
    @Property(tries = 200)
    void partsOfDapoAddUp(
            @ForAll @IntRange(min = 1, max = 4) int first,
            @ForAll @IntRange(min = 1, max = 4) int second,
            @ForAll long seed) {
        Tensor losses = Drawn.normal(seed, first + second, 5);
        Tensor mask = Drawn.mask(seed, first + second, 5);
        double tokens = mask.sum().item();
        double parts = Aggregation.DAPO
                        .of(losses.slice(0, 0, first), mask.slice(0, 0, first), 5, tokens)
                        .item()
                + Aggregation.DAPO
                        .of(losses.slice(0, first), mask.slice(0, first), 5, tokens)
                        .item();
        assertThat(parts).isCloseTo(Aggregation.DAPO.of(losses, mask).item(), within(1e-14));
    }

    /// How much a token weighs: with grpo less, the longer its answer is.
    @Test
    void theWeightOfATokenIsWhatTheNamesStandFor() {
        Tensor mask = Tensor.of(new double[] {1, 0, 0, 0, 1, 1, 1, 1}, 2, 4);
        Tensor losses = Drawn.normal(1, 2, 4);
        Map<Aggregation, double[]> weights = Map.of(
                Aggregation.GRPO, new double[] {0.5, 0.125},
                Aggregation.BNPO, new double[] {0.2, 0.2},
                Aggregation.DR_GRPO, new double[] {0.125, 0.125},
                Aggregation.DAPO, new double[] {0.2, 0.2},
                Aggregation.LUSPO, new double[] {0.5, 0.5});
        weights.forEach((aggregation, weight) -> {
            double[] gradient = Drawn.gradient(losses, x -> aggregation.of(x, mask));
            double[] expected = {weight[0], 0, 0, 0, weight[1], weight[1], weight[1], weight[1]};
            assertThat(gradient).as("%s", aggregation).containsExactly(expected, within(1e-16));
        });
    }

    /// What stands where the mask is 0 has no influence, even if it is no number.
    @Test
    void paddingDoesNotCount() {
        Tensor mask = Tensor.of(new double[] {1, 1, 0, 1, 0, 0}, 2, 3);
        Tensor clean = Tensor.of(new double[] {1, 2, 0, 4, 0, 0}, 2, 3);
        Tensor dirty = Tensor.of(new double[] {1, 2, Double.NaN, 4, Double.POSITIVE_INFINITY, -9}, 2, 3);
        for (Aggregation aggregation : Aggregation.values()) {
            assertThat(aggregation.of(dirty, mask, LIMIT, STEP).item())
                    .isEqualTo(aggregation.of(clean, mask, LIMIT, STEP).item());
            double[] gradient = Drawn.gradient(dirty, x -> aggregation.of(x, mask, LIMIT, STEP));
            assertThat(new double[] {gradient[2], gradient[4], gradient[5]}).containsOnly(0);
        }
    }

    /// A loss that the tokens of an answer share counts as if each had it.
    @Property(tries = 200)
    void oneColumnStandsForAllTokens(@ForAll @IntRange(min = 1, max = 5) int n, @ForAll long seed) {
        Tensor shared = Drawn.normal(seed, n, 1);
        Tensor mask = Drawn.mask(seed, n, 4);
        for (Aggregation aggregation : Aggregation.values()) {
            double spread = aggregation.of(shared.mul(mask), mask, LIMIT, STEP).item();
            assertThat(aggregation.of(shared, mask, LIMIT, STEP).item()).isCloseTo(spread, within(1e-14));
        }
    }

    @Test
    void nothingToCountIsZeroWithAGradientOfZeros() {
        Tensor mask = Tensor.of(new double[6], 2, 3);
        for (Aggregation aggregation : Aggregation.values()) {
            Tensor losses = Drawn.normal(1, 2, 3);
            assertThat(aggregation.of(losses, mask).item()).isZero();
            assertThat(Drawn.gradient(losses, x -> aggregation.of(x, mask))).containsOnly(0);
            assertThat(aggregation.of(losses, mask, LIMIT, 0).item()).isZero();
        }
    }

    @Test
    void gradients() {
        Tensor mask = Drawn.mask(3, 4, 5);
        for (Aggregation aggregation : Aggregation.values()) {
            GradientCheck.of(x -> aggregation.of(x[0], mask, LIMIT, STEP), Drawn.normal(1, 4, 5))
                    .requirePass();
        }
    }

    @Test
    void badInput() { // BAD-INPUT 6, 7
        Tensor mask = Drawn.mask(1, 3, 3);
        assertThatThrownBy(() -> Aggregation.GRPO.of(Drawn.normal(1, 3), mask))
                .isInstanceOf(ShapeException.class)
                .hasMessage("aggregation: perToken must be (N, T) = (3, 3) or (N, 1); got (3,)");
        assertThatThrownBy(() -> Aggregation.GRPO.of(mask, Drawn.normal(1, 3)))
                .isInstanceOf(ShapeException.class)
                .hasMessageStartingWith("aggregation: mask");
        assertThatThrownBy(() -> Aggregation.GRPO.of(mask, null)).isInstanceOf(ShapeException.class);
        Tensor row = Drawn.normal(1, 3);
        assertThatThrownBy(() -> Aggregation.DR_GRPO.of(row, row, 3, 0))
                .hasMessageStartingWith("aggregation: mask and mask must both be (N, T)");
        assertThatThrownBy(() -> Aggregation.DR_GRPO.of(mask, mask, 0, 9))
                .isInstanceOf(ConfigException.class)
                .hasMessage("aggregation: maxLength must be positive; got 0");
        for (double wrong : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> Aggregation.DAPO.of(mask, mask, 3, wrong))
                    .isInstanceOf(ConfigException.class)
                    .hasMessage("aggregation: stepTokens must be at least 0; got " + wrong);
        }
    }
}
