package gradus.layers.position;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.layers.LayerGradients;
import gradus.layers.attention.ByPosition;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.type.DType;
import java.io.IOException;
import java.util.Map;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class AlibiTest {
    @Test
    void slopes() {
        assertThat(new Alibi(1).slopes()).containsExactly(1 / 256.0);
        assertThat(new Alibi(3).slopes()).containsExactly(0.0625, 0.00390625, 0.25);
        double[] eight = new Alibi(8).slopes();
        for (int h = 0; h < 8; h++) {
            assertThat(eight[h]).isEqualTo(Math.pow(2, -h - 1));
        }
        double[] twelve = new Alibi(12).slopes();
        assertThat(java.util.Arrays.copyOf(twelve, 8)).containsExactly(eight);
        double[] more = {0.70711, 0.35355, 0.17678, 0.08839};
        assertThat(java.util.Arrays.copyOfRange(twelve, 8, 12)).containsExactly(more, within(5e-6));
    }

    @Test
    void slopesAgreeWithTransformers() throws IOException {
        for (Golden golden : Golden.of("alibi")) { // m·j of BLOOM for j = 0 … 4, float32
            double[] bias = golden.field(0);
            double[] slopes = new Alibi(bias.length / 5).slopes();
            for (int h = 0; h < slopes.length; h++) {
                assertThat(slopes[h]).isCloseTo(bias[5 * h + 1], within(1e-7));
            }
        }
    }

    /// Entry `j - i + T - 1` is what query i adds for key j; the last query stands at the last key.
    @Property(tries = 200)
    void biasIsTheDistance(
            @ForAll @IntRange(min = 1, max = 9) int queries,
            @ForAll @IntRange(min = 0, max = 9) int cached,
            @ForAll @IntRange(min = 1, max = 6) int heads) {
        int keys = queries + cached;
        Alibi alibi = new Alibi(heads);
        Tensor bias = alibi.bias(queries, keys, DType.FLOAT64);
        assertThat(bias.shape().dims()).containsExactly(heads, queries + keys - 1);
        for (int h = 0; h < heads; h++) {
            for (int i = 0; i < queries; i++) {
                for (int j = 0; j < keys; j++) {
                    double expected = -alibi.slopes()[h] * Math.abs(cached + i - j);
                    assertThat(bias.get(h, j - i + queries - 1)).isEqualTo(expected);
                }
            }
        }
    }

    @Property(tries = 200)
    void attendEqualsTheLoop(@ForAll("sizes") LoopAttention loop, @ForAll long seed) {
        try (var scope = Scope.open()) {
            Alibi alibi = new Alibi(loop.heads());
            double[] slopes = alibi.slopes();
            loop.requireSame(
                    alibi,
                    seed,
                    (q, k, h, p, j) -> LoopAttention.dot(q, k) / Math.sqrt(q.length) - slopes[h] * Math.abs(p - j),
                    (p, j, d) -> 0,
                    1e-12);
        }
    }

    /// Where no key lies ahead, `m·j` in place of `-m·(i - j)` moves all logits of a row alike.
    @Property(tries = 200)
    void thePapersShortFormIsTheSame(@ForAll("sizes") LoopAttention any, @ForAll long seed) {
        try (var scope = Scope.open()) {
            LoopAttention loop = new LoopAttention(
                    any.batch(), any.queries(), any.keys(), any.heads(), any.kvHeads(), any.headDim(), true);
            Alibi alibi = new Alibi(loop.heads());
            double[] slopes = alibi.slopes();
            loop.requireSame(
                    alibi,
                    seed,
                    (q, k, h, p, j) -> LoopAttention.dot(q, k) / Math.sqrt(q.length) + slopes[h] * j,
                    (p, j, d) -> 0,
                    1e-12);
        }
    }

    @Test
    void gradients() {
        LoopAttention sizes = new LoopAttention(1, 3, 4, 2, 1, 2, true);
        Map<String, Tensor> in = sizes.inputs();
        Alibi alibi = new Alibi(2);
        LayerGradients.requireRight(
                alibi, in, () -> ByPosition.of(alibi, in.get("q"), in.get("k"), in.get("v"), 2, sizes.mask()));
    }

    @Provide
    static Arbitrary<LoopAttention> sizes() {
        return LoopAttention.sizes(1, 2, 3);
    }

    @Test
    void badInput() {
        assertThatThrownBy(() -> new Alibi(0))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("0");
    }
}
