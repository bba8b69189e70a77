package gradus.layers.position;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.layers.LayerGradients;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.kernel.RopePairs;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import gradus.tensor.type.Indices;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RopeTest {
    private static Tensor normal(long seed, int... dims) {
        return Tensor.randn(Rng.of(seed), dims).to(DType.FLOAT64);
    }

    @Property(tries = 200)
    void equalsTheLoop(
            @ForAll @IntRange(min = 1, max = 5) int time,
            @ForAll @IntRange(min = 1, max = 3) int heads,
            @ForAll @IntRange(min = 1, max = 9) int half,
            @ForAll @IntRange(min = 0, max = 5000) int first,
            @ForAll RopePairs pairs,
            @ForAll long seed) {
        try (var scope = Scope.open()) {
            Tensor x = normal(seed, 2, time, heads * 2 * half);
            Tensor y = new Rope(new PlainFrequencies(), pairs).rotate(x, 2 * half, first);
            for (int t = 0; t < time; t++) {
                for (int h = 0; h < heads; h++) {
                    for (int i = 0; i < half; i++) {
                        double angle = (first + t) / Math.pow(10_000, (double) i / half);
                        int a = h * 2 * half + (pairs == RopePairs.HALVES ? i : 2 * i);
                        int b = pairs == RopePairs.HALVES ? a + half : a + 1;
                        double expected = x.get(1, t, a) * Math.cos(angle) - x.get(1, t, b) * Math.sin(angle);
                        double other = x.get(1, t, b) * Math.cos(angle) + x.get(1, t, a) * Math.sin(angle);
                        assertThat(y.get(1, t, a)).isCloseTo(expected, within(1e-11)); // angles of 5,000 · 2e-16
                        assertThat(y.get(1, t, b)).isCloseTo(other, within(1e-11));
                    }
                }
            }
        }
    }

    /// Moving queries and keys along together changes no product: for every kind, at a fixed length.
    @Property(tries = 200)
    void productsDependOnTheDistanceAlone(
            @ForAll @IntRange(min = 0, max = 300) int q,
            @ForAll @IntRange(min = 0, max = 300) int k,
            @ForAll @IntRange(min = 0, max = 300) int shift,
            @ForAll long seed) {
        try (var scope = Scope.open()) {
            Tensor query = normal(seed, 1, 1, 8);
            Tensor key = normal(seed + 1, 1, 1, 8);
            for (RopeFrequencies frequencies : new RopeFrequencies[] {
                new PlainFrequencies(), new NtkAware(1e4, 4), new Yarn(1e4, 4, 64), new Llama3Scaling(1e4, 8, 64)
            }) {
                Rope rope = new Rope(frequencies);
                double here = rope.rotate(query, 8, q)
                        .mul(rope.rotate(key, 8, k))
                        .sum()
                        .item();
                double there = rope.rotate(query, 8, q + shift)
                        .mul(rope.rotate(key, 8, k + shift))
                        .sum()
                        .item();
                assertThat(there).isCloseTo(here, within(1e-10)); // angles of 600 radians, eight terms below 40
            }
        }
    }

    /// YaRN's temperature: queries and keys grow by a each, so logits by a².
    @Test
    void theFactorScalesWhatIsTurned() {
        Yarn yarn = new Yarn(1e4, 16, 64);
        Tensor x = normal(1, 1, 3, 8);
        double[] rotated = new Rope(yarn).rotate(x, 8, 5).square().sum(2).toArray();
        double[] whole = x.square().sum(2).toArray();
        for (int t = 0; t < 3; t++) {
            assertThat(rotated[t] / whole[t]).isCloseTo(yarn.factor() * yarn.factor(), within(1e-12));
        }
    }

    @Test
    void positionsOfEachSequence() {
        Rope rope = new Rope(new PlainFrequencies());
        Tensor x = normal(1, 2, 3, 8);
        Tensor y = rope.rotate(x, 4, Indices.of(0, 0, 1, 7, 8, 9).reshape(2, 3));
        assertThat(y.slice(0, 1, 2).toArray())
                .containsExactly(rope.rotate(x.slice(0, 1, 2), 4, 7).toArray());
        assertThat(y.select(0, 0).slice(0, 1, 3).toArray())
                .containsExactly(
                        rope.rotate(x.slice(0, 0, 1).slice(1, 1, 3), 4, 0).toArray());
    }

    /// Tables grow, change with the length and are made anew for another type; what is rotated never depends
    /// on what was rotated before.
    @Property(tries = 200)
    void nothingIsRemembered(
            @ForAll @IntRange(min = 1, max = 90) int before, @ForAll @IntRange(min = 1, max = 90) int now) {
        try (var scope = Scope.open()) {
            for (RopeFrequencies frequencies :
                    new RopeFrequencies[] {new PlainFrequencies(), new DynamicNtk(1e4, 2, 20)}) {
                Rope used = new Rope(frequencies);
                used.rotate(normal(1, 1, before, 4), 4, 0);
                used.rotate(Tensor.ones(1, 3, 4), 4, 0);
                Tensor x = normal(2, 1, now, 4);
                assertThat(used.rotate(x, 4, 0).toArray())
                        .containsExactly(new Rope(frequencies).rotate(x, 4, 0).toArray());
            }
        }
    }

    /// Why a cache must hold keys before they are rotated: an early key rotated at an early length is another
    /// key.
    @Test
    void dynamicKeysGoStale() {
        Rope rope = new Rope(new DynamicNtk(1e4, 2, 4));
        Tensor keys = normal(1, 1, 8, 4);
        Tensor early = rope.rotate(keys.slice(1, 0, 4), 4, 0);
        Tensor late = rope.rotate(keys, 4, 0).slice(1, 0, 4);
        assertThat(late.toArray()).isNotEqualTo(early.toArray());
        assertThat(rope.rotatesByLength()).isTrue();
        assertThat(new Rope(new Yarn(1e4, 2, 4)).rotatesByLength()).isFalse();
    }

    /// A float32 position of 100,000 has 7 digits left for its fraction of a turn; double keeps 11.
    @Test
    void farPositionsAreExact() {
        Tensor x = Tensor.of(new float[] {1, 0}, 1, 1, 2);
        double cos = new Rope(new PlainFrequencies()).rotate(x, 2, 123_457).get(0, 0, 0);
        assertThat(cos).isCloseTo(Math.cos(123_457), within(6e-8)); // half a unit of float32
    }

    @Test
    void agreesWithTransformers() throws IOException {
        for (Golden golden : Golden.of("rotation")) {
            int headDim = golden.whole(0);
            int[] positions =
                    Arrays.stream(golden.field(1)).mapToInt(p -> (int) p).toArray();
            Tensor x = Tensor.of(golden.field(2), 1, positions.length, headDim * golden.whole(1));
            Rope rope = new Rope(new PlainFrequencies(golden.number(2)));
            Indices at = Indices.of(positions);
            assertThat(rope.rotate(x, headDim, at).toArray()).containsExactly(golden.field(3), within(1e-9));
            assertThat(rope.rotate(x.to(DType.FLOAT32), headDim, at).toArray())
                    .containsExactly(golden.field(3), within(1e-5));
        }
    }

    @Test
    void gradients() {
        for (RopePairs pairs : RopePairs.values()) {
            Rope rope = new Rope(new Yarn(100, 4, 8), pairs);
            Tensor x = normal(1, 2, 3, 12);
            LayerGradients.requireRight(rope, Map.of("x", x), () -> rope.rotate(x, 6, 4));
        }
    }

    @Test
    void badInput() {
        Rope rope = new Rope(new PlainFrequencies());
        assertThatThrownBy(() -> rope.rotate(Tensor.ones(1, 2, 6), 3, 0)) // BAD-INPUT 23
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("even; got 3");
        assertThatThrownBy(() -> rope.rotate(Tensor.ones(1, 2, 6), 2, -1))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("-1");
        assertThatThrownBy(() -> new Rope(null)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new Rope(new PlainFrequencies(), null)).isInstanceOf(ConfigException.class);
    }
}
