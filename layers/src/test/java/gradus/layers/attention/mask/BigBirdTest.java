package gradus.layers.attention.mask;

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

class BigBirdTest {
    @Property(tries = 200)
    void hasWindowGlobalAndRandomBlocks(
            @ForAll @IntRange(min = 1, max = 4) int block,
            @ForAll @IntRange(min = 1, max = 12) int blocks,
            @ForAll @IntRange(min = 0, max = 4) int random,
            @ForAll long seed) {
        int time = block * blocks;
        BigBird mask = new BigBird(block, random, Rng.of(seed));
        boolean[] seen = mask.dense(Shape.of(1, 1, time, time));
        for (int a = 0; a < blocks; a++) {
            int others = 0;
            int unseen = 0;
            for (int b = 0; b < blocks; b++) {
                boolean whole = seen[a * block * time + b * block];
                for (int at = 0; at < block * block; at++) { // a block is seen whole or not at all
                    assertThat(seen[(a * block + at / block) * time + b * block + at % block])
                            .isEqualTo(whole);
                }
                boolean always = a == 0 || b == 0 || a == blocks - 1 || b == blocks - 1 || Math.abs(a - b) <= 1;
                assertThat(whole || !always).as("block %d of %d", b, a).isTrue();
                others += whole && !always ? 1 : 0;
                unseen += whole ? 0 : 1;
            }
            assertThat(others).isEqualTo(Math.min(random, others + unseen));
        }
        assertThat(mask.dense(Shape.of(1, 1, time, time))).isEqualTo(seen);
    }

    @Test
    void whichBlocksAreRandomIsTheGeneratorsBusiness() {
        Shape shape = Shape.of(1, 1, 64, 64);
        boolean[] one = new BigBird(2, 3, Rng.of(1)).dense(shape);
        assertThat(new BigBird(2, 3, Rng.of(2)).dense(shape)).isNotEqualTo(one);
    }

    @Test
    void withEveryBlockItIsFull() {
        Shape shape = Shape.of(1, 1, 28, 28);
        assertThat(new BigBird(4, 3, Rng.of(1)).dense(shape))
                .isEqualTo(KeyMask.full().dense(shape)); // 7 blocks: the second sees 4 and 3 random ones
        Tensor q = Tensor.randn(Rng.of(1), 1, 28, 4);
        assertThat(q.attention(q, q, 2, new BigBird(4, 3, Rng.of(1))).toArray())
                .isEqualTo(q.attention(q, q, 2, KeyMask.full()).toArray());
    }

    @Test
    void badInput() {
        assertThatThrownBy(() -> new BigBird(0, 1, Rng.of(1))).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new BigBird(2, -1, Rng.of(1))).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new BigBird(2, 1, null)).isInstanceOf(ConfigException.class);
        Tensor q = Tensor.ones(1, 5, 4);
        assertThatThrownBy(() -> q.attention(q, q, 1, new BigBird(2, 1, Rng.of(1))))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("got 5 and 5, block=2");
    }
}
