package gradus.layers.attention.mask;

import static gradus.layers.attention.mask.Seen.assertSees;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import gradus.tensor.mask.KeyMask;
import gradus.tensor.type.Shape;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/// [StridedSparse] and its form over heads, [StridedHeads].
class StridedSparseTest {
    @Property(tries = 200)
    void followsThePaper(
            @ForAll @IntRange(min = 1, max = 24) int time,
            @ForAll @IntRange(min = 1, max = 26) int stride,
            @ForAll @IntRange(min = 1, max = 4) int heads) {
        assertSees(
                new StridedSparse(stride),
                heads,
                time,
                (h, i, j) -> j <= i && (i - j < stride || (i - j) % stride == 0));
        assertSees(
                new StridedHeads(stride),
                heads,
                time,
                (h, i, j) -> j <= i && (2 * h < heads ? i - j < stride : (i - j) % stride == 0));
        if (stride >= time) {
            Shape shape = Shape.of(1, 1, time, time);
            assertThat(new StridedSparse(stride).dense(shape))
                    .isEqualTo(KeyMask.causal().dense(shape));
        }
    }

    @Property(tries = 200)
    void twoHopsReachEverythingBefore(
            @ForAll @IntRange(min = 1, max = 20) int time, @ForAll @IntRange(min = 1, max = 9) int stride) {
        boolean[] seen = new StridedHeads(stride).dense(Shape.of(1, 2, time, time));
        for (int i = 0; i < time; i++) {
            for (int j = 0; j <= i; j++) {
                boolean reached = false;
                for (int hop = 0; hop < time; hop++) { // i looks at hop by one head, hop at j by either
                    boolean first = seen[i * time + hop] || seen[(time + i) * time + hop];
                    reached |= first && (seen[hop * time + j] || seen[(time + hop) * time + j]);
                }
                assertThat(reached).as("%d from %d", j, i).isTrue();
            }
        }
    }

    @Test
    void badInput() {
        assertThatThrownBy(() -> new StridedSparse(0)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new StridedHeads(-1)).isInstanceOf(ConfigException.class);
    }
}
