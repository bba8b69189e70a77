package gradus.layers.position;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.layers.LayerGradients;
import gradus.layers.attention.AttentionConfig;
import gradus.layers.attention.ByPosition;
import gradus.layers.attention.GroupedQueryAttention;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.mask.KeyMask;
import gradus.tensor.op.Attention;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import java.util.Map;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ShawRelativeTest {
    private static ShawRelative shaw(int headDim, int furthest) {
        ShawRelative shaw = new ShawRelative(headDim, furthest, Rng.of(1));
        shaw.to(DType.FLOAT64);
        shaw.parameters()
                .forEach(table -> table.copyFrom(
                        LoopAttention.normal(table.size(), table.shape().dims())));
        return shaw;
    }

    @Property(tries = 200)
    void equalsTheLoop(
            @ForAll("sizes") LoopAttention loop, @ForAll @IntRange(min = 0, max = 4) int furthest, @ForAll long seed) {
        try (var scope = Scope.open()) {
            ShawRelative shaw = shaw(loop.headDim(), furthest);
            Tensor keys = shaw.namedParameters().get("key_embedding");
            Tensor values = shaw.namedParameters().get("value_embedding");
            loop.requireSame(
                    shaw,
                    seed,
                    (q, k, h, p, j) -> {
                        double sum = 0;
                        for (int d = 0; d < q.length; d++) {
                            sum += q[d] * (k[d] + keys.get(row(p, j, furthest), d));
                        }
                        return sum / Math.sqrt(q.length);
                    },
                    (p, j, d) -> values.get(row(p, j, furthest), d),
                    1e-12);
        }
    }

    private static int row(int p, int j, int furthest) {
        return Math.clamp(j - p, -furthest, furthest) + furthest;
    }

    @Property(tries = 200)
    void emptyTablesArePlainAttention(@ForAll("sizes") LoopAttention loop, @ForAll long seed) {
        try (var scope = Scope.open()) {
            ShawRelative shaw = shaw(loop.headDim(), 2);
            shaw.parameters().forEach(table -> table.copyFrom(table.mul(0).detach()));
            Tensor q = loop.q(seed);
            Tensor k = loop.kv(seed + 1);
            Tensor v = loop.kv(seed + 2);
            assertThat(ByPosition.of(shaw, q, k, v, loop.heads(), loop.mask()).toArray())
                    .containsExactly(
                            Attention.apply(q, k, v, loop.heads(), loop.mask()).toArray(), within(1e-12));
        }
    }

    @Test
    void aQueryThatSeesNothingGetsZeros() { // BAD-INPUT 36
        Tensor x = LoopAttention.normal(1, 1, 3, 4);
        KeyMask lastOnly = query -> query.sees(0, query.index() == 2 ? 1 : 0);
        Tensor y = ByPosition.of(shaw(2, 1), x, x, x, 2, lastOnly);
        assertThat(y.slice(1, 0, 2).toArray()).containsOnly(0);
        assertThat(y.toArray()).doesNotContain(Double.NaN);
    }

    @Test
    void worksInALayerInEitherType() {
        Position position = new ShawRelative(2, 3, Rng.of(5));
        GroupedQueryAttention attention = new GroupedQueryAttention(
                AttentionConfig.of(8, 4).withKvHeads(2).withPosition(position), Rng.of(6));
        Tensor x = LoopAttention.normal(7, 2, 5, 8);
        double[] narrow = attention.forward(x.to(DType.FLOAT32)).toArray();
        attention.to(DType.FLOAT64);
        // Some hundred roundings of float32, of numbers below 1.
        assertThat(narrow).containsExactly(attention.forward(x).toArray(), within(1e-5));
    }

    @Test
    void gradients() {
        LoopAttention sizes = new LoopAttention(1, 3, 4, 2, 1, 2, true);
        Map<String, Tensor> in = sizes.inputs();
        ShawRelative shaw = shaw(2, 1);
        LayerGradients.requireRight(
                shaw, in, () -> ByPosition.of(shaw, in.get("q"), in.get("k"), in.get("v"), 2, sizes.mask()));
    }

    @Test
    void badInput() {
        assertThatThrownBy(() -> new ShawRelative(0, 1, Rng.of(1))).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new ShawRelative(2, -1, Rng.of(1)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("-1");
        Tensor x = LoopAttention.normal(1, 1, 3, 6);
        assertThatThrownBy(() -> ByPosition.of(shaw(2, 1), x, x, x, 2, KeyMask.causal()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("size 2; got 3");
    }

    @Provide
    static Arbitrary<LoopAttention> sizes() {
        return LoopAttention.sizes(1, 2, 3);
    }
}
