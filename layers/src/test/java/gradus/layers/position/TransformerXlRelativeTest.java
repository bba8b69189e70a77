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
import org.junit.jupiter.api.Test;

class TransformerXlRelativeTest {
    private static TransformerXlRelative relative(int heads, int headDim) {
        TransformerXlRelative relative = new TransformerXlRelative(heads, headDim, Rng.of(1));
        relative.to(DType.FLOAT64);
        relative.parameters()
                .forEach(p -> p.copyFrom(
                        LoopAttention.normal(p.size() + p.rank(), p.shape().dims())));
        return relative;
    }

    @Property(tries = 200)
    void equalsTheLoop(@ForAll("sizes") LoopAttention loop, @ForAll long seed) {
        try (var scope = Scope.open()) {
            TransformerXlRelative relative = relative(loop.heads(), loop.headDim());
            Tensor u = relative.namedParameters().get("r_w_bias");
            Tensor v = relative.namedParameters().get("r_r_bias");
            Tensor w = relative.namedParameters().get("r_net.weight");
            int dim = loop.heads() * loop.headDim();
            loop.requireSame(
                    relative,
                    seed,
                    (q, k, h, p, j) -> {
                        double sum = 0;
                        for (int d = 0; d < q.length; d++) {
                            double r = 0;
                            for (int c = 0; c < dim; c++) {
                                int i = c % (dim / 2);
                                double angle = (p - j) / Math.pow(10_000, 2.0 * i / dim);
                                r += w.get(h * q.length + d, c) * (c < dim / 2 ? Math.sin(angle) : Math.cos(angle));
                            }
                            sum += (q[d] + u.get(h, d)) * k[d] + (q[d] + v.get(h, d)) * r;
                        }
                        return sum / Math.sqrt(q.length);
                    },
                    (p, j, d) -> 0,
                    1e-10); // logits of some tens
        }
    }

    /// Keys of earlier segments before the own ones: segment by segment is one long pass.
    @Property(tries = 200)
    void memoryIsOneLongPass(@ForAll("sizes") LoopAttention loop, @ForAll long seed) {
        try (var scope = Scope.open()) {
            TransformerXlRelative relative = relative(loop.heads(), loop.headDim());
            Tensor q = LoopAttention.normal(seed, loop.batch(), loop.keys(), loop.heads() * loop.headDim());
            Tensor k = loop.kv(seed + 1);
            Tensor v = loop.kv(seed + 2);
            int cut = loop.keys() - loop.queries();
            Tensor whole = ByPosition.of(relative, q, k, v, loop.heads(), KeyMask.causal());
            Tensor last = ByPosition.of(relative, q.slice(1, cut, loop.keys()), k, v, loop.heads(), KeyMask.causal());
            assertThat(last.toArray())
                    .containsExactly(whole.slice(1, cut, loop.keys()).toArray(), within(1e-12));
        }
    }

    @Property(tries = 200)
    void withoutItsParametersItIsPlainAttention(@ForAll("sizes") LoopAttention loop, @ForAll long seed) {
        try (var scope = Scope.open()) {
            TransformerXlRelative relative = relative(loop.heads(), loop.headDim());
            relative.parameters().forEach(p -> p.copyFrom(p.mul(0).detach()));
            Tensor q = loop.q(seed);
            Tensor k = loop.kv(seed + 1);
            Tensor v = loop.kv(seed + 2);
            assertThat(ByPosition.of(relative, q, k, v, loop.heads(), loop.mask())
                            .toArray())
                    .containsExactly(
                            Attention.apply(q, k, v, loop.heads(), loop.mask()).toArray(), within(1e-12));
        }
    }

    @Test
    void worksInALayerInEitherType() {
        Position position = new TransformerXlRelative(4, 2, Rng.of(5));
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
        LoopAttention sizes = new LoopAttention(2, 2, 3, 2, 1, 2, true);
        Map<String, Tensor> in = sizes.inputs();
        TransformerXlRelative relative = relative(2, 2);
        LayerGradients.requireRight(
                relative, in, () -> ByPosition.of(relative, in.get("q"), in.get("k"), in.get("v"), 2, sizes.mask()));
    }

    @Test
    void badInput() {
        assertThatThrownBy(() -> new TransformerXlRelative(0, 2, Rng.of(1))).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new TransformerXlRelative(3, 3, Rng.of(1)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("3·3");
        Tensor x = LoopAttention.normal(1, 1, 3, 4);
        assertThatThrownBy(() -> ByPosition.of(relative(2, 4), x, x, x, 2, KeyMask.causal()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("2 heads of 4; got 2 of 2");
    }

    @Provide
    static Arbitrary<LoopAttention> sizes() {
        return LoopAttention.sizes(2, 4, 6);
    }
}
