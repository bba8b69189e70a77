package gradus.layers.position;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.layers.LayerGradients;
import gradus.layers.attention.ByPosition;
import gradus.layers.position.DualChunkRope.Chunks;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.mask.KeyMask;
import gradus.tensor.op.Attention;
import java.util.Map;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class DualChunkRopeTest {
    private static final RopeFrequencies FREQUENCIES = new PlainFrequencies(100);

    /// The paper's matrix M: how far query i is taken to stand from key j.
    private static int distance(int i, int j, Chunks chunks) {
        int s = chunks.size();
        int c = chunks.trained();
        return switch (i / s - j / s) {
            case 0 -> i - j;
            case 1 -> Math.min(s + i % s, c - 1) - j % s;
            default -> c - 1 - j % s;
        };
    }

    @Test
    void thePapersExample() {
        Chunks chunks = new Chunks(6, 10);
        assertThat(IntStream.rangeClosed(0, 11).map(j -> distance(11, j, chunks)))
                .containsExactly(9, 8, 7, 6, 5, 4, 5, 4, 3, 2, 1, 0);
    }

    /// The attention is one softmax over logits at the distances of M.
    @Property(tries = 200)
    void equalsTheLoopWithTheMatrix(
            @ForAll("sizes") LoopAttention loop,
            @ForAll @IntRange(min = 1, max = 6) int size,
            @ForAll @IntRange(min = 1, max = 6) int more,
            @ForAll boolean sharpened,
            @ForAll long seed) {
        try (var scope = Scope.open()) {
            Chunks chunks = new Chunks(size, size + more);
            DualChunkRope position = new DualChunkRope(FREQUENCIES, chunks);
            double f = sharpened ? Math.max(1, 0.1 * Math.log(loop.keys() / 3.0) + 1) : 1;
            loop.requireSame(
                    sharpened ? position.withTemperature(3) : position,
                    seed,
                    (q, k, h, p, j) ->
                            f * f * LoopAttention.dot(rotated(q, distance(p, j, chunks)), k) / Math.sqrt(q.length),
                    (p, j, d) -> 0,
                    1e-12);
        }
    }

    /// One head, rotated as in [Rope] by halves.
    private static double[] rotated(double[] x, int p) {
        int half = x.length / 2;
        double[] y = new double[x.length];
        for (int i = 0; i < half; i++) {
            double angle = p * Math.pow(100, -(double) i / half);
            y[i] = x[i] * Math.cos(angle) - x[i + half] * Math.sin(angle);
            y[i + half] = x[i + half] * Math.cos(angle) + x[i] * Math.sin(angle);
        }
        return y;
    }

    @Property(tries = 200)
    void aSequenceWithinOneChunkIsOrdinary(
            @ForAll("sizes") LoopAttention loop, @ForAll @IntRange(min = 0, max = 3) int more, @ForAll long seed) {
        try (var scope = Scope.open()) {
            Tensor q = loop.q(seed);
            Tensor k = loop.kv(seed + 1);
            Tensor v = loop.kv(seed + 2);
            Rope rope = new Rope(FREQUENCIES);
            Tensor ordinary = Attention.apply(
                    rope.rotate(q, loop.headDim(), loop.keys() - loop.queries()),
                    rope.rotate(k, loop.headDim(), 0),
                    v,
                    loop.heads(),
                    KeyMask.causal());
            Chunks chunks = new Chunks(loop.keys() + more, loop.keys() + more + 1);
            // Qwen2: up to L₀ nothing changes
            DualChunkRope position = new DualChunkRope(FREQUENCIES, chunks).withTemperature(loop.keys());
            Tensor dual = ByPosition.of(position, q, k, v, loop.heads(), KeyMask.full());
            assertThat(dual.toArray()).containsExactly(ordinary.toArray(), within(1e-12));
        }
    }

    @Property(tries = 200)
    void distancesAreTrueNearbyAndNeverBeyondTheTrained(
            @ForAll @IntRange(min = 1, max = 9) int size,
            @ForAll @IntRange(min = 1, max = 9) int more,
            @ForAll @IntRange(min = 0, max = 60) int i,
            @ForAll @IntRange(min = 0, max = 60) int back) {
        Chunks chunks = new Chunks(size, size + more);
        int j = Math.max(0, i - back);
        int m = distance(i, j, chunks);
        assertThat(m).isBetween(0, chunks.trained() - 1);
        int apart = i / size - j / size;
        if (apart == 0 || apart == 1 && i % size < more || i - j <= more && size >= more) {
            assertThat(m).isEqualTo(i - j);
        }
        if (apart >= 2) {
            assertThat(m).isGreaterThanOrEqualTo(more);
        }
    }

    @Test
    void whatComesLaterChangesNothingBefore() {
        DualChunkRope position = new DualChunkRope(FREQUENCIES, new Chunks(3, 5));
        Tensor x = LoopAttention.normal(1, 1, 11, 4);
        double[] before = ByPosition.of(position, x, x, x, 2, KeyMask.full()).toArray();
        double[] values = x.toArray();
        for (int t = 0; t < 11; t++) {
            double[] changed = values.clone();
            changed[4 * t] += 1;
            Tensor y = Tensor.of(changed, 1, 11, 4);
            double[] after = ByPosition.of(position, y, y, y, 2, KeyMask.full()).toArray();
            for (int i = 0; i < 4 * t; i++) {
                assertThat(after[i]).isEqualTo(before[i]);
            }
            assertThat(after[4 * t]).isNotEqualTo(before[4 * t]);
        }
    }

    @Test
    void aMaskOfTheCallersHoldsToo() {
        DualChunkRope position = new DualChunkRope(FREQUENCIES, new Chunks(2, 4));
        Tensor x = LoopAttention.normal(1, 1, 7, 4);
        KeyMask itself = query -> query.sees(query.position());
        assertThat(ByPosition.of(position, x, x, x, 1, itself).toArray()).containsExactly(x.toArray(), within(1e-15));
    }

    @Test
    void gradients() {
        LoopAttention sizes = new LoopAttention(1, 6, 7, 2, 1, 2, true);
        Map<String, Tensor> in = sizes.inputs();
        DualChunkRope position = new DualChunkRope(FREQUENCIES, new Chunks(2, 3)).withTemperature(3);
        LayerGradients.requireRight(
                position, in, () -> ByPosition.of(position, in.get("q"), in.get("k"), in.get("v"), 2, sizes.mask()));
    }

    @Test
    void qwen2sSizes() {
        assertThat(Chunks.ofQwen2(8192, 1024)).isEqualTo(new Chunks(7168, 8193));
    }

    @Test
    void badInput() {
        assertThatThrownBy(() -> new Chunks(0, 4))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("0");
        assertThatThrownBy(() -> new Chunks(4, 4))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("above the chunk size of 4; got 4");
        Chunks chunks = new Chunks(2, 4);
        assertThatThrownBy(() -> new DualChunkRope(FREQUENCIES, null)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new DualChunkRope(null, chunks)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new DualChunkRope(new DynamicNtk(100, 2, 4), chunks))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("DynamicNtk");
        assertThatThrownBy(() -> new DualChunkRope(FREQUENCIES, chunks).withTemperature(0))
                .isInstanceOf(ConfigException.class);
        Tensor odd = LoopAttention.normal(1, 1, 3, 3);
        assertThatThrownBy(
                        () -> ByPosition.of(new DualChunkRope(FREQUENCIES, chunks), odd, odd, odd, 1, KeyMask.causal()))
                .isInstanceOf(ConfigException.class) // BAD-INPUT 23
                .hasMessageContaining("even; got 3");
    }

    @Provide
    static Arbitrary<LoopAttention> sizes() {
        return Combinators.combine(
                        Arbitraries.integers().between(1, 2),
                        Arbitraries.integers().between(1, 9),
                        Arbitraries.integers().between(0, 9),
                        Arbitraries.integers().between(1, 2),
                        Arbitraries.integers().between(1, 2),
                        Arbitraries.of(2, 4, 6))
                .as((b, t, cached, kv, group, d) -> new LoopAttention(b, t, t + cached, kv * group, kv, d, true));
    }
}
