package gradus.layers.attention.mask;

import static gradus.layers.attention.mask.Seen.assertSees;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import gradus.tensor.Tensor;
import gradus.tensor.mask.KeyMask;
import gradus.tensor.type.Shape;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class LongformerTest {
    @Property(tries = 200)
    void seesItsWindowAndTheGlobalPositions(
            @ForAll @IntRange(min = 1, max = 24) int time,
            @ForAll @IntRange(min = 0, max = 26) int window,
            @ForAll @IntRange(min = 0, max = 23) int one,
            @ForAll @IntRange(min = 0, max = 23) int other) {
        int a = one % time;
        int b = other % time;
        assertSees(
                new Longformer(window, a, b),
                2,
                time,
                (h, i, j) -> Math.abs(i - j) <= window || i == a || i == b || j == a || j == b);
        if (window >= time - 1) {
            Shape shape = Shape.of(1, 1, time, time);
            assertThat(new Longformer(window).dense(shape))
                    .isEqualTo(KeyMask.full().dense(shape));
        }
    }

    @Test
    void badInput() { // BAD-INPUT 37
        assertThatThrownBy(() -> new Longformer(-1)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new Longformer(1, -1)).isInstanceOf(ConfigException.class);
        Tensor q = Tensor.ones(1, 5, 4);
        assertThatThrownBy(() -> q.attention(q, q, 1, new Longformer(1, 5)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("below the length 5; got [5]");
        assertThatThrownBy(() -> q.slice(1, 0, 2).attention(q, q, 1, new Longformer(1)))
                .isInstanceOf(ConfigException.class);
    }
}
