package gradus.layers.position;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import gradus.layers.position.DualChunkRope.Chunks;
import gradus.tensor.Tensor;
import gradus.tensor.kernel.RopePairs;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a model asks every position: whether it may keep keys, and how far positions reach.
class PositionTest {
    private static final RopeFrequencies PLAIN = new PlainFrequencies(100);

    /// A cache may hold rotated keys only where nothing later turns them again or sharpens their logits.
    @Test
    void onlySomePositionsDependOnTheLength() {
        RopeFrequencies growing = new DynamicNtk(100, 2, 4);
        var chunked = new DualChunkRope(PLAIN, new Chunks(2, 4));
        assertThat(new Rope(PLAIN).dependsOnLength()).isFalse();
        assertThat(new Rope(growing).dependsOnLength()).isTrue();
        assertThat(chunked.dependsOnLength()).isFalse();
        assertThat(chunked.withTemperature(4).dependsOnLength()).isTrue();
        assertThat(new Sinusoidal().dependsOnLength()).isFalse();
        assertThat(new NoPosition().dependsOnLength()).isFalse();
    }

    @Test
    void noPositionLeavesWhatItGets() {
        Tensor x = Tensor.randn(Rng.of(1), 1, 2, 3);
        assertThat(new NoPosition().embed(x, 5)).isSameAs(x);
        assertThat(new NoPosition().embed(x, Indices.of(0, 1))).isSameAs(x);
    }

    @Property(tries = 200)
    void keysAreStoredAsTheyAreRotated(@ForAll @IntRange(max = 1000) int first, @ForAll long seed) {
        Tensor k = Tensor.randn(Rng.of(seed), 2, 3, 8);
        var rope = new Rope(PLAIN, RopePairs.NEIGHBOURS);
        assertThat(rope.rotateKeys(k, 4, first).toArray())
                .containsExactly(rope.rotate(k, 4, first).toArray());
        assertThat(rope.pairs()).isEqualTo(RopePairs.NEIGHBOURS);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, Integer.MIN_VALUE})
    void noPositionIsBelowTheFirst(int first) {
        Tensor x = Tensor.zeros(1, 2, 4);
        assertThatThrownBy(() -> new Rope(PLAIN).rotate(x, 4, first))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("the first position must be at least 0; got " + first);
    }

    @Test
    void positionsEndBeforeTheLargestInteger() {
        assertThatThrownBy(() -> EmbeddingPosition.range("Rope", Integer.MAX_VALUE - 1, 2))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("positions must be below " + Integer.MAX_VALUE);
        assertThat(EmbeddingPosition.range("Rope", Integer.MAX_VALUE - 2, 2).get(1))
                .isEqualTo(Integer.MAX_VALUE - 1);
    }

    /// The lengths of Qwen2's files, worked out by hand.
    @ParameterizedTest
    @CsvSource({"8, 4, 4, 8", "8, 2, 6, 9", "8, 6, 2, 4", "8, 7, 1, 2", "8, 0, 8, 9", "262144, 8192, 253952, 262145"})
    void qwen2NamesAChunkByTwoLengths(int chunkSize, int localSize, int size, int trained) {
        assertThat(Chunks.ofQwen2(chunkSize, localSize)).isEqualTo(new Chunks(size, trained));
    }

    @ParameterizedTest
    @CsvSource({"8, -1", "8, 8", "8, 9", "1073741824, 1073741823", "0, 0"})
    void qwen2sLengthsMustLeaveAChunk(int chunkSize, int localSize) {
        assertThatThrownBy(() -> Chunks.ofQwen2(chunkSize, localSize))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("got " + localSize + " of " + chunkSize);
        assertThat(Chunks.ofQwen2(Integer.MAX_VALUE / 2, Integer.MAX_VALUE / 2 - 1)
                        .size())
                .isOne();
    }

    @ParameterizedTest
    @CsvSource({"0, 4", "-1, 4", "4, 4", "5, 4", "1, Infinity", "NaN, 4", "1, NaN"})
    void turnsLieInOrderAndAboveZero(double low, double high) {
        assertThatThrownBy(() -> new Llama3Scaling.Rotations(low, high))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("high > low > 0");
        assertThatThrownBy(() -> new Yarn.Rotations(high, low))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("kept > slowed > 0");
    }
}
