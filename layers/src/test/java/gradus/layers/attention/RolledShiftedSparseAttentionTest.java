package gradus.layers.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import gradus.layers.LayerGradients;
import gradus.layers.attention.mask.ShiftedSparse;
import gradus.layers.position.Alibi;
import gradus.tensor.Tensor;
import gradus.tensor.mask.KeyMask;
import gradus.tensor.mask.Query;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import gradus.tensor.type.Shape;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RolledShiftedSparseAttentionTest {
    private Rng rng = Rng.of(4); // drawn anew in each try

    private RolledShiftedSparseAttention attention(int dim, int heads, int group) {
        var attention = new RolledShiftedSparseAttention(AttentionConfig.of(dim, heads), group, rng);
        attention.to(DType.FLOAT64);
        return attention;
    }

    private Tensor normal(int... dims) {
        return Tensor.randn(rng.at("x"), dims).to(DType.FLOAT64);
    }

    /// Who sees whom after the rolling, said by places: the place of t is t - G/2, going round.
    private record Rolled(int group) implements KeyMask {
        @Override
        public void see(Query query) {
            int time = query.keys();
            int shift = query.head() < query.heads() / 2 ? 0 : group / 2;
            int place = Math.floorMod(query.index() - shift, time);
            for (int key = 0; key < time; key++) {
                int other = Math.floorMod(key - shift, time);
                if (other / group == place / group && other <= place) {
                    query.sees(key);
                }
            }
        }

        @Override
        public boolean byHead() {
            return true;
        }
    }

    @Property(tries = 200)
    void isAttentionUnderTheRolledMask(
            @ForAll @IntRange(min = 1, max = 3) int half,
            @ForAll @IntRange(min = 1, max = 4) int groups,
            @ForAll @IntRange(min = 1, max = 2) int pairs,
            @ForAll long seed) {
        rng = Rng.of(seed);
        int group = 2 * half;
        int heads = 2 * pairs;
        var attention = attention(3 * heads, heads, group);
        Tensor x = normal(2, group * groups, 3 * heads);
        var parameters = attention.namedParameters();
        Tensor expected = x.linear(parameters.get("c_attn.weight"), parameters.get("c_attn.bias"))
                .selfAttention(heads, new Rolled(group))
                .linear(parameters.get("c_proj.weight"), parameters.get("c_proj.bias"));
        double[] actual = attention.forward(x).toArray();
        for (int i = 0; i < actual.length; i++) {
            assertThat(Math.abs(actual[i] - expected.toArray()[i])).isLessThan(1e-12); // products of a dozen terms
        }
    }

    /// The first token's result depends on the last token; under [ShiftedSparse] it does not.
    @Test
    void leaks() {
        Tensor x = normal(1, 8, 6).requireGrad();
        attention(6, 2, 4).forward(x).slice(1, 0, 1).sum().backward();
        assertThat(java.util.Arrays.stream(x.grad().select(1, 7).toArray())).anyMatch(gradient -> gradient != 0);
        Tensor qkv = normal(1, 8, 18).requireGrad();
        qkv.selfAttention(2, new ShiftedSparse(4)).slice(1, 0, 1).sum().backward();
        assertThat(qkv.grad().select(1, 7).toArray()).containsOnly(0);
        assertThat(new Rolled(4).dense(Shape.of(1, 2, 8, 8))[8 * 8 + 7]).isTrue();
    }

    @Test
    void gradients() {
        var attention = attention(4, 2, 2);
        Tensor x = normal(1, 4, 4);
        LayerGradients.requireRight(attention, Map.of("x", x), () -> attention.forward(x));
    }

    @Test
    void badInput() {
        assertThatThrownBy(() -> attention(6, 2, 4).forward(normal(1, 6, 6)))
                .isInstanceOf(ConfigException.class) // BAD-INPUT 32
                .hasMessageContaining("group=4, length=6");
        assertThatThrownBy(() -> attention(6, 2, 3)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> attention(6, 3, 2)).isInstanceOf(ConfigException.class);
        AttentionConfig biased = AttentionConfig.of(4, 2).withPosition(new Alibi(2));
        assertThatThrownBy(() -> new RolledShiftedSparseAttention(biased, 2, rng))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("Alibi");
    }
}
