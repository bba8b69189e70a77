package gradus.layers.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import gradus.layers.LayerGradients;
import gradus.layers.attention.mask.FixedSparse;
import gradus.layers.position.Alibi;
import gradus.layers.position.DualChunkRope;
import gradus.layers.position.NoPosition;
import gradus.layers.position.PlainFrequencies;
import gradus.layers.position.Position;
import gradus.layers.position.Rope;
import gradus.layers.position.ShawRelative;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class FixedSparseAttentionTest {
    private Rng rng = Rng.of(4); // drawn anew in each try

    private FixedSparseAttention attention(int dim, int heads, FixedSparse pattern) {
        var attention = new FixedSparseAttention(AttentionConfig.of(dim, heads), pattern, rng);
        attention.to(DType.FLOAT64);
        return attention;
    }

    private Tensor normal(int... dims) {
        return Tensor.randn(rng.at("x"), dims).to(DType.FLOAT64);
    }

    @Property(tries = 200)
    void isAttentionUnderItsMask(
            @ForAll @IntRange(min = 1, max = 12) int time,
            @ForAll @IntRange(min = 1, max = 5) int columns,
            @ForAll @IntRange(min = 0, max = 4) int others,
            @ForAll @IntRange(min = 1, max = 2) int pairs,
            @ForAll long seed) {
        rng = Rng.of(seed);
        int heads = 2 * pairs;
        FixedSparse pattern = new FixedSparse(columns + others, columns);
        var attention = attention(3 * heads, heads, pattern);
        Tensor x = normal(2, time, 3 * heads);
        var parameters = attention.namedParameters();
        Tensor expected = x.linear(parameters.get("c_attn.weight"), parameters.get("c_attn.bias"))
                .selfAttention(heads, pattern)
                .linear(parameters.get("c_proj.weight"), parameters.get("c_proj.bias"));
        double[] actual = attention.forward(x).toArray();
        double[] wanted = expected.toArray();
        for (int i = 0; i < actual.length; i++) {
            assertThat(Math.abs(actual[i] - wanted[i])).isLessThan(1e-12); // products of a dozen terms
        }
    }

    @Test
    void gradients() {
        var attention = attention(4, 2, new FixedSparse(2, 1));
        Tensor x = normal(1, 5, 4);
        LayerGradients.requireRight(attention, Map.of("x", x), () -> attention.forward(x));
    }

    @Test
    void badInput() {
        assertThatThrownBy(() -> attention(6, 2, null)).isInstanceOf(ConfigException.class);
        FixedSparse pattern = new FixedSparse(2, 1);
        AttentionConfig grouped = AttentionConfig.of(8, 4).withKvHeads(2);
        assertThatThrownBy(() -> new FixedSparseAttention(grouped, pattern, rng))
                .isInstanceOf(ConfigException.class);
    }

    /// Tokens change places, so a position may rotate queries and keys but not speak of distances.
    @Test
    void positionsThatItTakes() {
        Position rotated = new Rope(new PlainFrequencies());
        Position far = new DualChunkRope(new PlainFrequencies(), new DualChunkRope.Chunks(3, 5));
        for (Position position : List.of(new NoPosition(), rotated)) {
            assertThat(FixedSparseAttention.takes(position)).isTrue();
            assertThat(StridedSparseAttention.takes(position)).isTrue();
        }
        for (Position position : List.of(new Alibi(2), far, new ShawRelative(2, 3, rng))) {
            assertThat(FixedSparseAttention.takes(position)).isFalse();
            assertThat(StridedSparseAttention.takes(position)).isFalse();
            AttentionConfig config = AttentionConfig.of(6, 2).withPosition(position);
            assertThatThrownBy(() -> new FixedSparseAttention(config, new FixedSparse(2, 1), rng))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining(position.getClass().getSimpleName());
        }
    }
}
