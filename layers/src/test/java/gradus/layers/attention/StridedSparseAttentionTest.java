package gradus.layers.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import gradus.layers.LayerGradients;
import gradus.layers.attention.mask.StridedHeads;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class StridedSparseAttentionTest {
    private Rng rng = Rng.of(4); // drawn anew in each try

    private StridedSparseAttention attention(int dim, int heads, int stride) {
        var attention = new StridedSparseAttention(AttentionConfig.of(dim, heads), stride, rng);
        attention.to(DType.FLOAT64);
        return attention;
    }

    private Tensor normal(int... dims) {
        return Tensor.randn(rng.at("x"), dims).to(DType.FLOAT64);
    }

    @Property(tries = 200)
    void isAttentionUnderItsMask(
            @ForAll @IntRange(min = 1, max = 12) int time,
            @ForAll @IntRange(min = 1, max = 14) int stride,
            @ForAll @IntRange(min = 1, max = 2) int pairs,
            @ForAll long seed) {
        rng = Rng.of(seed);
        int heads = 2 * pairs;
        var attention = attention(3 * heads, heads, stride);
        Tensor x = normal(2, time, 3 * heads);
        var parameters = attention.namedParameters();
        Tensor expected = x.linear(parameters.get("c_attn.weight"), parameters.get("c_attn.bias"))
                .selfAttention(heads, new StridedHeads(stride))
                .linear(parameters.get("c_proj.weight"), parameters.get("c_proj.bias"));
        double[] actual = attention.forward(x).toArray();
        double[] wanted = expected.toArray();
        for (int i = 0; i < actual.length; i++) {
            assertThat(Math.abs(actual[i] - wanted[i])).isLessThan(1e-12); // products of a dozen terms
        }
    }

    @Test
    void gradients() {
        var attention = attention(4, 2, 2);
        Tensor x = normal(1, 5, 4);
        LayerGradients.requireRight(attention, Map.of("x", x), () -> attention.forward(x));
    }

    @Test
    void badInput() {
        assertThatThrownBy(() -> attention(6, 3, 2)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> attention(6, 2, 0)).isInstanceOf(ConfigException.class);
        AttentionConfig grouped = AttentionConfig.of(8, 4).withKvHeads(2);
        assertThatThrownBy(() -> new StridedSparseAttention(grouped, 2, rng)).isInstanceOf(ConfigException.class);
    }
}
