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

/// [FixedSparse] and its form over heads, [FixedSparseHeads].
class FixedSparseTest {
    @Property(tries = 200)
    void followsThePaper(
            @ForAll @IntRange(min = 1, max = 24) int time,
            @ForAll @IntRange(min = 1, max = 5) int columns,
            @ForAll @IntRange(min = 1, max = 4) int slices) {
        int block = columns * slices;
        FixedSparse mask = new FixedSparse(block, columns);
        assertSees(mask, 2, time, (h, i, j) -> j <= i && (i / block == j / block || j % block >= block - columns));
        assertSees(new FixedSparseHeads(block, columns), 5, time, (h, i, j) -> {
            int fromEnd = (block - 1 - j % block) / columns; // which slice of its block, counted from the end
            return j <= i && (i / block == j / block || fromEnd == h % slices);
        });
        if (block >= time || columns == block) {
            Shape shape = Shape.of(1, 1, time, time);
            assertThat(mask.dense(shape)).isEqualTo(KeyMask.causal().dense(shape));
        }
    }

    @Test
    void badInput() {
        assertThatThrownBy(() -> new FixedSparse(4, 5))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("columns=5, block=4");
        assertThatThrownBy(() -> new FixedSparse(4, 0)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new FixedSparseHeads(6, 4)).isInstanceOf(ConfigException.class);
    }
}
