package gradus.layers.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import gradus.layers.LayerGradients;
import gradus.layers.attention.cache.ContiguousKvCache;
import gradus.layers.attention.cache.KvCache;
import gradus.layers.attention.cache.RollingKvCache;
import gradus.layers.attention.mask.SlidingWindow;
import gradus.layers.position.DualChunkRope;
import gradus.layers.position.DualChunkRope.Chunks;
import gradus.layers.position.PlainFrequencies;
import gradus.layers.position.Rope;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DualChunkAttentionTest {
    private static final AttentionConfig CONFIG =
            AttentionConfig.of(8, 4).withKvHeads(2).withBias(true);
    private static final Rng RNG = Rng.of(1);

    private static Tensor normal(int... dims) {
        return Tensor.randn(Rng.of(2), dims).to(DType.FLOAT64);
    }

    @Test
    void isTheModelsOwnAttentionWithinAChunkAndNotBeyond() {
        Chunks chunks = new Chunks(4, 6);
        DualChunkAttention dual = new DualChunkAttention(CONFIG, new PlainFrequencies(), chunks, RNG);
        GroupedQueryAttention own =
                new GroupedQueryAttention(CONFIG.withPosition(new Rope(new PlainFrequencies())), RNG);
        assertThat(dual.state().keySet()).isEqualTo(own.state().keySet());
        dual.to(DType.FLOAT64);
        own.to(DType.FLOAT64);
        Tensor within = normal(2, 4, 8);
        assertThat(dual.forward(within).toArray())
                .containsExactly(own.forward(within).toArray(), within(1e-12));
        Tensor beyond = normal(1, 9, 8);
        double[] near = dual.forward(beyond).toArray();
        double[] far = own.forward(beyond).toArray();
        assertThat(near[0]).isCloseTo(far[0], within(1e-12));
        assertThat(near[8 * 8]).isNotCloseTo(far[8 * 8], within(1e-6));
    }

    /// What a rolling cache has dropped still counts: chunks begin where the sequence did.
    @Test
    void goesStepByStepWithACacheThatForgets() {
        DualChunkRope position = new DualChunkRope(new PlainFrequencies(100), new Chunks(3, 5));
        AttentionConfig config = CONFIG.withMask(new SlidingWindow(4));
        DualChunkAttention dual = new DualChunkAttention(config, position, RNG);
        dual.to(DType.FLOAT64);
        Tensor x = normal(1, 11, 8);
        double[] whole = dual.forward(x).toArray();
        for (KvCache cache : List.of(new ContiguousKvCache(11), new RollingKvCache(4))) {
            for (int from = 0, step = 1; from < 11; from += step, step = step % 3 + 1) {
                int to = Math.min(from + step, 11);
                double[] expected = Arrays.copyOfRange(whole, 8 * from, 8 * to);
                assertThat(dual.forward(x.slice(1, from, to), cache).toArray())
                        .containsExactly(expected, within(1e-12)); // the same sums of a few numbers about 1
            }
        }
    }

    @Test
    void gradients() {
        DualChunkRope position = new DualChunkRope(new PlainFrequencies(100), new Chunks(2, 3)).withTemperature(2);
        DualChunkAttention dual = new DualChunkAttention(CONFIG, position, RNG);
        Tensor x = normal(1, 5, 8);
        LayerGradients.requireRight(dual, Map.of("x", x), () -> dual.forward(x));
    }
}
