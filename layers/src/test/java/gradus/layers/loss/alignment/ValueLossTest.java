package gradus.layers.loss.alignment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.error.ShapeException;
import gradus.tensor.GradientCheck;
import gradus.tensor.Tensor;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ValueLossTest {
    private static final double INF = Double.POSITIVE_INFINITY;

    @Property(tries = 200)
    void equalsTheLoop(
            @ForAll @IntRange(min = 1, max = 4) int n,
            @ForAll @IntRange(min = 1, max = 5) int t,
            @ForAll @DoubleRange(min = 0.01, max = 3) double clip,
            @ForAll long seed) {
        Tensor values = Drawn.normal(seed, n, t);
        Tensor old = Drawn.normal(seed + 1, n, t);
        Tensor returns = Drawn.normal(seed + 2, n, t);
        Tensor mask = Drawn.mask(seed, n, t);
        double sum = 0;
        int count = 0;
        for (int i = 0; i < n; i++) {
            for (int at = 0; at < t; at++) {
                double value = values.get(i, at);
                double before = old.get(i, at);
                double wanted = returns.get(i, at);
                double clipped = Math.min(Math.max(value, before - clip), before + clip);
                double worse = Math.max(Math.pow(value - wanted, 2), Math.pow(clipped - wanted, 2));
                sum += mask.get(i, at) * worse / 2;
                count += (int) mask.get(i, at);
            }
        }
        double expected = count == 0 ? 0 : sum / count;
        assertThat(ValueLoss.of(values, old, returns, mask, clip).item())
                .isCloseTo(expected, within(1e-14 * (1 + expected)));
        double plain = ValueLoss.of(values, old, returns, INF).sum().item();
        assertThat(plain).isCloseTo(values.sub(returns).square().sum().item() / 2, within(1e-13));
    }

    /// No gradient where the value has moved away from the old one towards the return and past the bound.
    @Property(tries = 200)
    void onlyProgressBeyondTheBoundIsStopped(
            @ForAll @DoubleRange(min = -2, max = 2) double moved,
            @ForAll @DoubleRange(min = -2, max = 2) double wanted) {
        double clip = 0.2;
        Tensor value = Tensor.of(new double[] {moved}, 1, 1); // the old one is 0
        double[] gradient = Drawn.gradient(
                value,
                x -> ValueLoss.of(x, Tensor.of(new double[1], 1, 1), Tensor.of(new double[] {wanted}, 1, 1), clip));
        double clipped = Math.min(Math.max(moved, -clip), clip);
        boolean stopped = clipped != moved && Math.abs(clipped - wanted) > Math.abs(moved - wanted);
        assertThat(gradient[0]).isCloseTo(stopped ? 0 : moved - wanted, within(1e-14));
    }

    @Test
    void onlyTheValuesGetAGradient() {
        Tensor old = Drawn.normal(1, 2, 3).requireGrad();
        Tensor returns = Drawn.normal(2, 2, 3).requireGrad();
        Tensor values = Drawn.normal(3, 2, 3).requireGrad();
        ValueLoss.of(values, old, returns, 0.2).sum().backward();
        assertThat(old.grad()).isNull();
        assertThat(returns.grad()).isNull();
        assertThat(values.grad()).isNotNull();
    }

    @Test
    void gradients() { // no value within 0.01 of a bound or of a tie
        Tensor old = Drawn.normal(1, 3, 4);
        Tensor returns = Drawn.normal(2, 3, 4);
        Tensor mask = Drawn.mask(5, 3, 4);
        GradientCheck.of(x -> ValueLoss.of(x[0], old, returns, 0.5), Drawn.normal(3, 3, 4))
                .requirePass();
        GradientCheck.of(x -> ValueLoss.of(x[0], old, returns, mask, INF), Drawn.normal(3, 3, 4))
                .requirePass();
    }

    @Test
    void badInput() { // BAD-INPUT 7, 99
        Tensor tokens = Drawn.normal(1, 3, 3);
        assertThatThrownBy(() -> ValueLoss.of(tokens, tokens, Drawn.normal(1, 3), 0.2))
                .isInstanceOf(ShapeException.class)
                .hasMessage("valueLoss: values and returns must both be (N, T); got (3, 3) and (3,)");
        assertThatThrownBy(() -> ValueLoss.of(tokens, Drawn.normal(1, 3), tokens, 0.2))
                .isInstanceOf(ShapeException.class);
        assertThatThrownBy(() -> ValueLoss.of(tokens, tokens, tokens, null, 0.2))
                .isInstanceOf(ShapeException.class);
        for (double wrong : new double[] {0, -1, Double.NaN}) {
            assertThatThrownBy(() -> ValueLoss.of(tokens, tokens, tokens, wrong))
                    .isInstanceOf(ConfigException.class)
                    .hasMessage("valueLoss: clip must be above 0; got " + wrong);
        }
        Tensor nothing = tokens.mul(0);
        assertThat(ValueLoss.of(tokens, tokens.add(1), nothing, nothing, 0.2).item())
                .isZero();
    }
}
