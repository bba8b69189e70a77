package gradus.layers.model.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.layers.attention.cache.KvCaches;
import gradus.layers.model.Qwen2;
import gradus.layers.position.DualChunkRope.Chunks;
import gradus.tensor.Autograd;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// How far the blocks of published decoders look back. Whether they then say what others say,
/// ConfigVariantsTest of the module train tells.
class ReachTest {
    private static final int TIME = 20;
    private static final LlamaConfig SIZE = LlamaConfig.of(16, 4, 3)
            .withVocabSize(31)
            .withContext(32)
            .withKvHeads(2)
            .withHidden(24);
    private static final Indices IDS = Indices.of(
            Shape.of(1, TIME),
            IntStream.range(0, TIME).map(i -> (3 * i * i + 1) % 31).toArray());

    /// The same weights whatever the reach, in double, far enough from 0 for attention to choose.
    private static Qwen2 model(Reach reach) {
        Qwen2 model = new Qwen2(SIZE.withReach(reach), Rng.of(1));
        model.namedParameters()
                .forEach((name, parameter) -> parameter.startAs(
                        () -> Tensor.randn(Rng.of(2).at(name), parameter.shape().dims())
                                .mul(0.5)));
        model.to(DType.FLOAT64);
        model.eval();
        return model;
    }

    private static double[] logits(Reach reach) {
        try (var pause = Autograd.noGrad()) {
            return model(reach).forward(IDS).toArray();
        }
    }

    @Test
    void aReachBeyondTheTextIsTheWhole() {
        double[] whole = logits(Reach.WHOLE);
        assertThat(logits(Reach.ofWindow(TIME, 0))).isEqualTo(whole);
        assertThat(logits(Reach.ofWindow(1, 3))).isEqualTo(whole); // there is no fourth block
        // the same angles, counted otherwise, in double
        assertThat(logits(Reach.ofDualChunks(new Chunks(TIME, TIME + 1), TIME))).containsExactly(whole, within(1e-9));
    }

    @Test
    void everyNumberCounts() {
        double[][] all = {
            logits(Reach.WHOLE),
            logits(Reach.ofWindow(4, 0)),
            logits(Reach.ofWindow(5, 0)),
            logits(Reach.ofWindow(4, 1)),
            logits(Reach.ofDualChunks(new Chunks(6, 9), 0)),
            logits(Reach.ofDualChunks(new Chunks(6, 10), 0)),
            logits(Reach.ofDualChunks(new Chunks(6, 9), 8)),
        };
        for (int i = 0; i < all.length; i++) {
            for (int j = 0; j < i; j++) {
                double difference = 0;
                for (int k = 0; k < all[i].length; k++) {
                    difference = Math.max(difference, Math.abs(all[i][k] - all[j][k]));
                }
                assertThat(difference).as("%d and %d", i, j).isGreaterThan(1e-3);
            }
        }
    }

    @Test
    void stepByStepIsTheSame() {
        for (Reach reach : new Reach[] {Reach.ofWindow(4, 1), Reach.ofDualChunks(new Chunks(6, 9), 0)}) {
            Qwen2 model = model(reach);
            try (var pause = Autograd.noGrad()) {
                double[] whole = model.lastLogits(IDS).toArray();
                KvCaches caches = model.caches();
                Tensor last = null;
                for (int i = 0; i < TIME; i++) {
                    last = model.lastLogits(Indices.of(Shape.of(1, 1), new int[] {IDS.values()[i]}), caches);
                }
                assertThat(last.toArray()).as("%s", reach).containsExactly(whole, within(1e-9));
            }
        }
        Qwen2 warm = model(Reach.ofDualChunks(new Chunks(6, 9), 8)); // its temperature is that of the whole
        assertThat(warm.cacheable()).isFalse();
        assertThat(model(Reach.ofDualChunks(new Chunks(6, 9), 0)).supportsLeftPadding())
                .isFalse();
        assertThat(model(Reach.ofWindow(4, 0)).supportsLeftPadding()).isTrue();
    }

    /// 2·s - 1 is the furthest that a neighbouring chunk reaches, whatever chunk_size says.
    @Test
    void chunksOfQwen2() {
        assertThat(Chunks.ofQwen2(8, 2)).isEqualTo(new Chunks(6, 9));
        assertThat(Chunks.ofQwen2(8, 5)).isEqualTo(new Chunks(3, 6));
        assertThat(Chunks.ofQwen2(262_144, 8192)).isEqualTo(new Chunks(253_952, 262_145));
        for (int local : new int[] {-1, 8, 9}) {
            assertThatThrownBy(() -> Chunks.ofQwen2(8, local)).isInstanceOf(ConfigException.class);
        }
    }

    @Test
    void badInput() {
        assertThatThrownBy(() -> Reach.ofWindow(0, 0)).isInstanceOf(ConfigException.class); // BAD-INPUT 37
        assertThatThrownBy(() -> Reach.ofWindow(4, -1)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new Reach(-1, 0, null, 0)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new Reach(0, 0, null, -1)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> SIZE.withReach(null)).isInstanceOf(ConfigException.class);
    }
}
