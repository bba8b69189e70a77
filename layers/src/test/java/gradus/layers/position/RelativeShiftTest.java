package gradus.layers.position;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import gradus.tensor.Tensor;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class RelativeShiftTest {
    @Property(tries = 200)
    void isTheExplicitGatherAndItsTranspose(
            @ForAll @IntRange(min = 1, max = 6) int queries, @ForAll @IntRange(min = 1, max = 6) int keys) {
        int distances = queries + keys - 1;
        Tensor x = LoopAttention.normal(1, 2, 3, queries, distances);
        Tensor byKey = LoopAttention.normal(2, 2, 3, queries, keys);
        Tensor there = RelativeShift.toKeys(x, keys);
        Tensor back = RelativeShift.toDistances(byKey);
        assertThat(there.shape().dims()).containsExactly(2, 3, queries, keys);
        assertThat(back.shape().dims()).containsExactly(2, 3, queries, distances);
        double nonZero = 0;
        for (int i = 0; i < queries; i++) {
            for (int j = 0; j < keys; j++) {
                assertThat(there.get(1, 2, i, j)).isEqualTo(x.get(1, 2, i, j - i + queries - 1));
                assertThat(back.get(1, 2, i, j - i + queries - 1)).isEqualTo(byKey.get(1, 2, i, j));
                nonZero += byKey.get(1, 2, i, j);
            }
        }
        double all = back.select(0, 1).select(0, 2).sum().item();
        assertThat(all).isCloseTo(nonZero, within(1e-12)); // zeros elsewhere
    }
}
