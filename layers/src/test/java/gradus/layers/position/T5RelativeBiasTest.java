package gradus.layers.position;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import gradus.layers.LayerGradients;
import gradus.layers.attention.ByPosition;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import java.io.IOException;
import java.util.Map;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class T5RelativeBiasTest {
    private Rng rng = Rng.of(3); // drawn anew in each try

    @Test
    void causalBuckets() {
        T5Buckets causal = T5Buckets.causal();
        int[][] known = {
            {0, 0}, {15, 15}, {16, 16}, {18, 16}, {19, 17}, {21, 18}, {24, 19}, {27, 20}, {31, 21}, {40, 23}, {64, 26},
            {90, 29}, {112, 30}, {113, 31}, {500, 31}
        };
        for (int[] pair : known) {
            assertThat(causal.bucket(-pair[0])).as("%d back", pair[0]).isEqualTo(pair[1]);
        }
        assertThat(causal.bucket(5)).isZero();
    }

    @Test
    void encoderBuckets() {
        T5Buckets encoder = T5Buckets.encoder();
        int[][] known = {
            {0, 0}, {7, 7}, {8, 8}, {11, 8}, {12, 9}, {15, 9}, {16, 10}, {23, 11}, {32, 12}, {46, 13}, {64, 14},
            {91, 15}
        };
        for (int[] pair : known) {
            assertThat(encoder.bucket(-pair[0])).as("%d back", pair[0]).isEqualTo(pair[1]);
        }
        assertThat(encoder.bucket(1)).isEqualTo(17);
        assertThat(encoder.bucket(128)).isEqualTo(31);
    }

    @Property(tries = 200)
    void bucketsGrowWithTheDistance(@ForAll @IntRange(min = 0, max = 300) int n, @ForAll boolean bidirectional) {
        T5Buckets buckets = new T5Buckets(32, 128, bidirectional);
        assertThat(buckets.bucket(-n - 1)).isGreaterThanOrEqualTo(buckets.bucket(-n));
        assertThat(buckets.bucket(-n)).isBetween(0, bidirectional ? 15 : 31);
        assertThat(buckets.bucket(n + 1)).isEqualTo(bidirectional ? 16 + buckets.bucket(-n - 1) : 0);
    }

    @Test
    void bucketsAgreeWithTransformers() throws IOException {
        for (Golden golden : Golden.of("t5")) {
            T5Buckets buckets = new T5Buckets(golden.whole(0), golden.whole(1), golden.number(2) == 1);
            for (int i = 0; i < golden.field(1).length; i++) {
                assertThat(buckets.bucket((int) golden.field(1)[i])).isEqualTo((int) golden.field(2)[i]);
            }
        }
    }

    @Property(tries = 200)
    void biasIsTheTablesRowOfTheBucket(
            @ForAll @IntRange(min = 1, max = 9) int queries,
            @ForAll @IntRange(min = 0, max = 20) int cached,
            @ForAll @IntRange(min = 1, max = 3) int heads,
            @ForAll boolean bidirectional,
            @ForAll long seed) {
        rng = Rng.of(seed);
        int keys = queries + cached;
        T5Buckets buckets = new T5Buckets(8, 20, bidirectional);
        T5RelativeBias position = new T5RelativeBias(buckets, heads, rng);
        Tensor table = position.parameters().getFirst();
        Tensor bias = position.bias(queries, keys, DType.FLOAT32);
        for (int h = 0; h < heads; h++) {
            for (int i = 0; i < queries; i++) {
                for (int j = 0; j < keys; j++) {
                    assertThat(bias.get(h, j - i + queries - 1))
                            .isEqualTo(table.get(buckets.bucket(j - (cached + i)), h));
                }
            }
        }
    }

    @Property(tries = 200)
    void attendEqualsTheLoop(@ForAll("sizes") LoopAttention loop, @ForAll long seed) {
        try (var scope = Scope.open()) {
            T5Buckets buckets = new T5Buckets(8, 6, !loop.causal());
            T5RelativeBias position = new T5RelativeBias(buckets, loop.heads(), rng);
            position.to(DType.FLOAT64);
            Tensor table = position.parameters().getFirst();
            table.copyFrom(LoopAttention.normal(seed + 9, 8, loop.heads()));
            loop.requireSame(
                    position,
                    seed,
                    (q, k, h, p, j) ->
                            LoopAttention.dot(q, k) / Math.sqrt(q.length) + table.get(buckets.bucket(j - p), h),
                    (p, j, d) -> 0,
                    1e-12);
        }
    }

    @Provide
    static Arbitrary<LoopAttention> sizes() {
        return LoopAttention.sizes(1, 2, 3);
    }

    @Test
    void gradients() {
        T5RelativeBias position = new T5RelativeBias(new T5Buckets(8, 20, true), 2, rng);
        LoopAttention sizes = new LoopAttention(1, 3, 4, 2, 1, 2, true);
        Map<String, Tensor> in = sizes.inputs();
        LayerGradients.requireRight(
                position, in, () -> ByPosition.of(position, in.get("q"), in.get("k"), in.get("v"), 2, sizes.mask()));
        assertThat(position.namedParameters()).containsOnlyKeys("relative_attention_bias.weight");
    }

    @Test
    void badInput() {
        assertThatThrownBy(() -> new T5Buckets(0, 128, false)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new T5Buckets(30, 128, true))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("multiple of 4; got 30");
        assertThatThrownBy(() -> new T5Buckets(32, 16, false))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("above 16");
        assertThatThrownBy(() -> new T5RelativeBias(T5Buckets.causal(), 0, rng)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new T5RelativeBias(null, 1, rng)).isInstanceOf(ConfigException.class);
    }
}
