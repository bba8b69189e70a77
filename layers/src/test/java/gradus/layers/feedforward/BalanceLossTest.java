package gradus.layers.feedforward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.tensor.GradientCheck;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class BalanceLossTest {
    /// A decision of which only scores and wishes matter here.
    private static Routing routing(Tensor logits, int... demand) {
        int[][] tokens = new int[demand.length][0];
        tokens[0] = new int[1];
        return new Routing(logits, tokens, Tensor.zeros(1), demand);
    }

    private static Tensor normal(long seed, int... dims) {
        return Tensor.randn(Rng.of(seed), dims).to(DType.FLOAT64);
    }

    @Property(tries = 200)
    void balanceEqualsTheLoopOverOneLayerAndTwo(
            @ForAll @IntRange(min = 1, max = 7) int tokens,
            @ForAll @IntRange(min = 1, max = 5) int experts,
            @ForAll boolean two,
            @ForAll long seed) {
        int layers = two ? 2 : 1;
        double[] fraction = new double[experts];
        double[] probability = new double[experts];
        Routing[] routings = new Routing[layers];
        for (int layer = 0; layer < layers; layer++) {
            Tensor logits = normal(seed + layer, tokens, experts);
            int[] demand = new int[experts];
            for (int n = 0; n < tokens; n++) {
                double sum = 0;
                for (int e = 0; e < experts; e++) {
                    sum += Math.exp(logits.get(n, e));
                }
                for (int e = 0; e < experts; e++) {
                    probability[e] += Math.exp(logits.get(n, e)) / sum / (tokens * layers);
                }
                int wish = Rng.of(seed).index(layer * tokens + n, experts);
                demand[wish]++;
                fraction[wish] += 1.0 / (tokens * layers);
            }
            routings[layer] = routing(logits, demand);
        }
        double expected = 0;
        for (int e = 0; e < experts; e++) {
            expected += experts * fraction[e] * probability[e];
        }
        assertThat(BalanceLoss.of(List.of(routings)).item()).isCloseTo(expected, within(1e-13));
    }

    @Test
    void balanceIsTheNumberOfChoicesWhenAllIsEven() {
        Tensor even = normal(1, 6, 3).mul(0);
        assertThat(BalanceLoss.of(routing(even, 2, 2, 2)).item()).isCloseTo(1, within(1e-14));
        assertThat(BalanceLoss.of(routing(even, 4, 4, 4)).item()).isCloseTo(2, within(1e-14));
        assertThat(BalanceLoss.of(routing(even, 6, 0, 0)).item()).isCloseTo(1, within(1e-14));
    }

    /// It is no lower bound: all wishes on the expert of the least probability give less than balance.
    @Test
    void balanceFallsBelowOneWhereWishesOpposeProbabilities() {
        Tensor logits = Tensor.of(new double[] {.4, .3, .2, .1}, 1, 4).log();
        assertThat(BalanceLoss.of(routing(logits, 0, 0, 0, 1)).item()).isCloseTo(0.4, within(1e-14));
    }

    @Test
    void gradients() {
        Tensor logits = normal(2, 4, 3);
        GradientCheck.of(x -> BalanceLoss.of(routing(x[0], 1, 3, 0)), logits).requirePass();
    }

    @Test
    void badInput() {
        assertThatThrownBy(() -> BalanceLoss.of(List.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("at least one");
        Routing three = routing(normal(1, 2, 3), 1, 1, 0);
        Routing two = routing(normal(1, 2, 2), 1, 1);
        assertThatThrownBy(() -> BalanceLoss.of(List.of(three, two)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("all must have 3 experts; got 2");
    }
}
