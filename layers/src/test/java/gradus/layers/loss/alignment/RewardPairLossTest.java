package gradus.layers.loss.alignment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.error.ShapeException;
import gradus.tensor.GradientCheck;
import gradus.tensor.Tensor;
import gradus.tensor.type.DType;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RewardPairLossTest {
    @Property(tries = 200)
    void equalsTheLoop(
            @ForAll @IntRange(min = 1, max = 6) int n,
            @ForAll @DoubleRange(min = 0, max = 1) double centring,
            @ForAll boolean margins,
            @ForAll long seed) {
        Tensor chosen = Drawn.normal(seed, n);
        Tensor rejected = Drawn.normal(seed + 1, n);
        Tensor margin = margins ? Drawn.normal(seed + 2, n) : null;
        double expected = 0;
        for (int i = 0; i < n; i++) {
            double difference = chosen.get(i) - rejected.get(i) - (margins ? margin.get(i) : 0);
            expected -= Drawn.logSigmoid(difference) / n;
            expected += centring * Math.pow(chosen.get(i) + rejected.get(i), 2) / n;
        }
        assertThat(RewardPairLoss.of(chosen, rejected, margin, centring).item())
                .isCloseTo(expected, within(1e-14 * (1 + expected)));
    }

    @Property(tries = 200)
    void onlyDifferencesCountWithoutCentring(
            @ForAll @DoubleRange(min = -9, max = 9) double constant, @ForAll long seed) {
        Tensor chosen = Drawn.normal(seed, 5);
        Tensor rejected = Drawn.normal(seed + 1, 5);
        double loss = RewardPairLoss.of(chosen, rejected, null, 0).item();
        double moved = RewardPairLoss.of(chosen.add(constant), rejected.add(constant), null, 0)
                .item();
        assertThat(moved).isCloseTo(loss, within(1e-14));
        double centred =
                RewardPairLoss.of(chosen.add(30), rejected.add(30), null, 0.01).item();
        assertThat(centred).as("centring pays for a constant").isGreaterThan(loss);
    }

    /// The gradient raises the chosen and lowers the rejected one by the probability of the wrong order.
    @Property(tries = 200)
    void aPairWeighsWhatItsWrongOrderIsProbable(
            @ForAll @DoubleRange(min = -5, max = 5) double chosen,
            @ForAll @DoubleRange(min = -5, max = 5) double rejected,
            @ForAll @DoubleRange(min = 0, max = 2) double margin) {
        Tensor up = Tensor.of(new double[] {chosen}, 1);
        Tensor down = Tensor.of(new double[] {rejected}, 1);
        Tensor apart = Tensor.of(new double[] {margin}, 1);
        double wrong = Drawn.sigmoid(-(chosen - rejected - margin));
        assertThat(Drawn.gradient(up, x -> RewardPairLoss.of(x, down, apart, 0))[0])
                .isCloseTo(-wrong, within(1e-14));
        assertThat(Drawn.gradient(down, x -> RewardPairLoss.of(up, x, apart, 0))[0])
                .isCloseTo(wrong, within(1e-14));
    }

    @Test
    void equalScoresCostTheLogarithmOfTwo() {
        Tensor scores = Drawn.normal(1, 4);
        assertThat(RewardPairLoss.of(scores, scores, null, 0).item()).isCloseTo(Math.log(2), within(1e-15));
    }

    @Test
    void enormousDifferencesStayFinite() { // BAD-INPUT 185
        for (DType dtype : DType.values()) {
            Tensor chosen = Tensor.of(new double[] {1e4, -1e4}, 2).to(dtype).requireGrad();
            Tensor loss = RewardPairLoss.of(chosen, chosen.detach().neg(), null, 0);
            loss.backward();
            assertThat(loss.item()).isEqualTo(1e4);
            assertThat(chosen.grad().toArray()).containsExactly(new double[] {0, -0.5}, within(0.0));
        }
    }

    @Test
    void gradients() {
        Tensor margin = Drawn.normal(3, 5);
        GradientCheck.of(x -> RewardPairLoss.of(x[0], x[1], margin, 0.3), Drawn.normal(1, 5), Drawn.normal(2, 5))
                .requirePass();
        Tensor constant = Drawn.normal(3, 5).requireGrad();
        Tensor chosen = Drawn.normal(4, 5).requireGrad();
        RewardPairLoss.of(chosen, Drawn.normal(5, 5), constant, 0).backward();
        assertThat(constant.grad()).as("a margin is given, not learned").isNull();
    }

    @Test
    void badInput() { // BAD-INPUT 7, 14
        Tensor scores = Drawn.normal(1, 3);
        assertThatThrownBy(() -> RewardPairLoss.of(scores, Drawn.normal(1, 1), null, 0))
                .isInstanceOf(ShapeException.class)
                .hasMessage("rewardPairLoss: chosen and rejected must both be (N), N at least 1; got (3,) and (1,)");
        assertThatThrownBy(() -> RewardPairLoss.of(Drawn.normal(1, 3, 1), Drawn.normal(1, 3, 1), null, 0))
                .isInstanceOf(ShapeException.class);
        assertThatThrownBy(() -> RewardPairLoss.of(scores, scores, Drawn.normal(1, 2), 0))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("chosen and margin");
        for (double wrong : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> RewardPairLoss.of(scores, scores, null, wrong))
                    .isInstanceOf(ConfigException.class)
                    .hasMessage("rewardPairLoss: centring must be at least 0; got " + wrong);
        }
    }
}
