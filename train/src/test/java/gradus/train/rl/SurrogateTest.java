package gradus.train.rl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.tensor.Tensor;
import org.junit.jupiter.api.Test;

class SurrogateTest {
    /// One token with ln π = -2, the ratio ρ, and the advantage A.
    private static double loss(GroupPolicyConfig config, double ratio, double advantage) {
        Tensor logProbs = Tensor.of(new double[] {-2}, 1, 1);
        Tensor logRatio = Tensor.of(new double[] {Math.log(ratio)}, 1, 1);
        Tensor mask = Tensor.of(new double[] {1}, 1, 1);
        Tensor a = Tensor.of(new double[] {advantage}, 1, 1);
        var tokens = new Surrogate.Tokens(logProbs, logProbs.sub(logRatio), mask, logRatio, a);
        return config.ratio().surrogate().of(tokens, config.ratio()).item();
    }

    /// Far from 1 each has its own bound, by hand.
    @Test
    void eachHasItsOwnBound() {
        assertThat(loss(GroupPolicyConfig.cispo(), 100, 3)).isCloseTo(5 * 3 * 2, within(1e-12));
        assertThat(loss(GroupPolicyConfig.cispo(), 4, 3)).isCloseTo(4 * 3 * 2, within(1e-12));
        assertThat(loss(GroupPolicyConfig.dapo(), 100, 3)).isCloseTo(-1.28 * 3, within(1e-12));
        assertThat(loss(GroupPolicyConfig.dapo(), 100, -3)).isCloseTo(100 * 3, within(1e-10));
        assertThat(loss(GroupPolicyConfig.dapo().withDelta(2), 100, -3)).isCloseTo(2 * 3, within(1e-12));
        assertThat(loss(GroupPolicyConfig.sapo(), 100, 3)).isCloseTo(-4 * 3, within(1e-12));
        assertThat(loss(GroupPolicyConfig.sapo(), 100, -3)).isCloseTo(4 / 1.05 * 3, within(1e-12));
        double phi = Math.pow(0.5, 2) * Math.exp(3 * 0.5);
        assertThat(loss(GroupPolicyConfig.vespo(), 0.5, 3)).isCloseTo(phi * 3 * 2, within(1e-12));
    }

    @Test
    void badBoundsAreRefused() {
        assertThatThrownBy(() -> GroupPolicyConfig.grpo().withDelta(1.1))
                .isInstanceOf(ConfigException.class)
                .hasMessage("delta must be at least 1 + epsilonHigh = 1.2; got 1.1");
        assertThatThrownBy(() -> GroupPolicyConfig.grpo().withDelta(Double.NaN)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> GroupPolicyConfig.sapo().withDelta(3))
                .isInstanceOf(ConfigException.class)
                .hasMessage("delta bounds a clipped ratio, and the loss is SAPO; got 3.0");
        assertThatThrownBy(() -> GroupPolicyConfig.grpo().withSurrogate(null))
                .isInstanceOf(ConfigException.class)
                .hasMessage("surrogate must be given; got null");
    }
}
