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

/// [ShiftedSparse] and [GroupedCausal], which it extends.
class ShiftedSparseTest {
    @Property(tries = 200)
    void groupsAreShiftedInTheSecondHalfOfTheHeads(
            @ForAll @IntRange(min = 1, max = 7) int group,
            @ForAll @IntRange(min = 1, max = 5) int groups,
            @ForAll @IntRange(min = 1, max = 5) int heads) {
        int time = group * groups;
        assertSees(new ShiftedSparse(group), heads, time, (h, i, j) -> {
            int shift = 2 * h < heads || groups == 1
                    ? 0
                    : group - group / 2; // boundaries at G/2 are boundaries at G of t + G - G/2
            return j <= i && (i + shift) / group == (j + shift) / group;
        });
        assertSees(new GroupedCausal(group), heads, time, (h, i, j) -> j <= i && i / group == j / group);
    }

    @Test
    void oneGroupIsCausalAttention() {
        Shape shape = Shape.of(1, 4, 8, 8);
        assertThat(new ShiftedSparse(8).dense(shape)).isEqualTo(KeyMask.causal().dense(shape));
        assertThat(new GroupedCausal(8).dense(shape)).isEqualTo(KeyMask.causal().dense(shape));
    }

    @Test
    void badInput() { // BAD-INPUT 32
        assertThatThrownBy(() -> new ShiftedSparse(0)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new GroupedCausal(0)).isInstanceOf(ConfigException.class);
        Tensor q = Tensor.ones(1, 6, 4);
        assertThatThrownBy(() -> q.attention(q, q, 2, new ShiftedSparse(4)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("group=4, length=6");
        assertThatThrownBy(() -> q.attention(q, q, 2, new GroupedCausal(4))).isInstanceOf(ConfigException.class);
    }
}
