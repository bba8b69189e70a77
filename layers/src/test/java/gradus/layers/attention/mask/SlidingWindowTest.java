package gradus.layers.attention.mask;

import static gradus.layers.attention.mask.Seen.assertSees;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import gradus.tensor.Tensor;
import gradus.tensor.mask.KeyMask;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Shape;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SlidingWindowTest {
    @Property(tries = 200)
    void seesWKeysWithItself(
            @ForAll @IntRange(min = 1, max = 30) int time, @ForAll @IntRange(min = 1, max = 35) int window) {
        SlidingWindow mask = new SlidingWindow(window);
        assertSees(mask, 1, time, (h, i, j) -> i - window < j && j <= i);
        if (window >= time) {
            Shape shape = Shape.of(1, 1, time, time);
            assertThat(mask.dense(shape)).isEqualTo(KeyMask.causal().dense(shape));
        }
    }

    @Test
    void withACacheTheLastQueryIsTheLastKey() {
        boolean[] seen = new SlidingWindow(2).dense(Shape.of(1, 1, 2, 4));
        assertThat(seen).containsExactly(false, true, true, false, false, false, true, true);
    }

    @Test
    void aWindowOfOneGivesTheValues() {
        Tensor q = Tensor.randn(Rng.of(1), 1, 5, 4);
        Tensor v = Tensor.randn(Rng.of(2), 1, 5, 4);
        assertThat(q.attention(q, v, 2, new SlidingWindow(1)).toArray()).isEqualTo(v.toArray());
    }

    /// Each further layer carries what a position knows W - 1 places on.
    @Test
    void layersReachFurther() {
        int window = 3;
        int layers = 3;
        Tensor x = Tensor.randn(Rng.of(1), 1, 12, 4).requireGrad();
        Tensor y = x;
        for (int layer = 0; layer < layers; layer++) {
            y = y.attention(y, y, 1, new SlidingWindow(window));
        }
        y.slice(1, 11, 12).sum().backward();
        for (int t = 0; t < 12; t++) {
            double[] gradient = x.grad().select(1, t).toArray();
            boolean reached = java.util.Arrays.stream(gradient).anyMatch(g -> g != 0);
            assertThat(reached).as("position %d", t).isEqualTo(11 - t <= layers * (window - 1));
        }
    }

    @Test
    void badInput() { // BAD-INPUT 37
        assertThatThrownBy(() -> new SlidingWindow(0))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("0");
    }
}
