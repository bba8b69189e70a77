package gradus.layers.attention.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import gradus.error.ShapeException;
import gradus.layers.attention.AttentionConfig;
import gradus.layers.attention.FixedSparseAttention;
import gradus.layers.attention.GroupedQueryAttention;
import gradus.layers.attention.MultiHeadAttention;
import gradus.layers.attention.MultiQueryAttention;
import gradus.layers.attention.RolledShiftedSparseAttention;
import gradus.layers.attention.SelfAttention;
import gradus.layers.attention.StridedSparseAttention;
import gradus.layers.attention.mask.FixedSparse;
import gradus.layers.attention.mask.FixedSparseHeads;
import gradus.layers.attention.mask.PaddingMask;
import gradus.layers.attention.mask.SlidingWindow;
import gradus.layers.attention.mask.StridedSparse;
import gradus.layers.position.Alibi;
import gradus.layers.position.DynamicNtk;
import gradus.layers.position.NoPosition;
import gradus.layers.position.PlainFrequencies;
import gradus.layers.position.Position;
import gradus.layers.position.Rope;
import gradus.layers.position.ShawRelative;
import gradus.layers.position.T5Buckets;
import gradus.layers.position.T5RelativeBias;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.mask.KeyMask;
import gradus.tensor.memory.Buffer;
import gradus.tensor.op.Attention;
import gradus.tensor.op.KeysAndValues;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import gradus.tensor.type.Indices;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/// [KvCache], its two kinds, and attention that goes step by step with it.
class KvCacheTest {
    private Rng rng = Rng.of(6); // drawn anew in each try
    private static final int DIM = 8;

    private static final List<KeyMask> MASKS = List.of(
            KeyMask.causal(),
            new SlidingWindow(3),
            new StridedSparse(3),
            new FixedSparseHeads(4, 2),
            KeyMask.causal().and(PaddingMask.left(0, 2)));

    private static final List<Function<Rng, Position>> POSITIONS = List.of(
            rng -> new NoPosition(),
            rng -> new Rope(new PlainFrequencies(10_000)),
            rng -> new Alibi(4),
            rng -> new T5RelativeBias(T5Buckets.causal(), 4, rng),
            rng -> new ShawRelative(2, 3, rng));

    private SelfAttention attention(int kind, KeyMask mask, Position position) {
        AttentionConfig config = AttentionConfig.of(DIM, 4).withMask(mask).withPosition(position);
        SelfAttention attention = switch (kind) {
            case 0 -> new MultiHeadAttention(config, rng);
            case 1 -> new GroupedQueryAttention(config.withKvHeads(2).withQkNorm(true), rng);
            default -> new MultiQueryAttention(config.withKvHeads(1), rng);
        };
        attention.to(DType.FLOAT64);
        return attention;
    }

    private Tensor normal(int... dims) {
        return Tensor.randn(rng.at("x"), dims).to(DType.FLOAT64);
    }

    /// Step by step, each in a scope of its own as generation does it.
    private Tensor steps(SelfAttention attention, Tensor x, KvCache cache, int[] ends) {
        Tensor[] parts = new Tensor[ends.length];
        int from = 0;
        for (int i = 0; i < ends.length; i++) {
            try (var scope = Scope.open();
                    var pause = Autograd.noGrad()) {
                parts[i] = attention.forward(x.slice(1, from, ends[i]), cache).keep(); // (B, t, C)
            }
            from = ends[i];
        }
        return Tensor.concat(1, parts);
    }

    private void assertNear(Tensor actual, Tensor expected) {
        double[] a = actual.toArray();
        double[] e = expected.toArray();
        assertThat(a).hasSameSizeAs(e);
        for (int i = 0; i < a.length; i++) {
            assertThat(Math.abs(a[i] - e[i])).isLessThan(1e-12); // the same sums in another order
        }
    }

    @Property(tries = 200)
    void stepsGiveWhatTheWholeSequenceGives(
            @ForAll @IntRange(min = 0, max = 2) int kind,
            @ForAll("masks") KeyMask mask,
            @ForAll("positions") Function<Rng, Position> position,
            @ForAll("splits") int[] ends,
            @ForAll long seed) {
        rng = Rng.of(seed);
        SelfAttention attention = attention(kind, mask, position.apply(rng));
        int time = ends[ends.length - 1];
        Tensor x = normal(2, time, DIM);
        KvCache cache = new ContiguousKvCache(time);
        assertNear(steps(attention, x, cache, ends), attention.forward(x));
        assertThat(cache.length()).isEqualTo(time);
        cache.clear();
        assertNear(steps(attention, x, cache, new int[] {time}), attention.forward(x));
    }

    @Property(tries = 200)
    void aRollingCacheGivesWhatTheWholeSequenceGives(
            @ForAll @IntRange(min = 1, max = 6) int window,
            @ForAll @IntRange(min = 0, max = 2) int more,
            @ForAll("positions") Function<Rng, Position> position,
            @ForAll("splits") int[] ends,
            @ForAll long seed) {
        rng = Rng.of(seed);
        SelfAttention attention = attention(0, new SlidingWindow(window), position.apply(rng));
        Tensor x = normal(2, ends[ends.length - 1], DIM);
        KvCache cache = new RollingKvCache(window + more);
        assertNear(steps(attention, x, cache, ends), attention.forward(x));
        Tensor none = normal(2, 1, DIM);
        assertThat(cache.append(none, none).keys().dim(1))
                .isEqualTo(Math.min(ends[ends.length - 1] + 1, window + more));
    }

    /// What makes a further position cheap: the rows before it stay where they are.
    @Property(tries = 200)
    void whatIsStoredIsSeldomCopied(
            @ForAll @IntRange(min = 1, max = 3) int batch,
            @ForAll @IntRange(min = 0, max = 60) int window,
            @ForAll @IntRange(min = 1, max = 7) int most,
            @ForAll long seed) {
        rng = Rng.of(seed);
        int total = 150;
        Tensor keys = normal(batch, total, 3);
        Tensor values = keys.mul(-2);
        KvCache cache = window == 0 ? new ContiguousKvCache(total) : new RollingKvCache(window);
        Set<Buffer> blocks = new HashSet<>();
        for (int from = 0, to; from < total; from = to) {
            to = Math.min(total, from + 1 + rng.index(from, most));
            KeysAndValues seen = appended(cache, keys.slice(1, from, to), values.slice(1, from, to));
            blocks.add(seen.keyBlock().buffer());
            int first = window == 0 ? 0 : Math.max(0, from - (window - 1));
            assertThat(seen.keys().toArray()).isEqualTo(keys.slice(1, first, to).toArray());
            assertThat(seen.values().toArray())
                    .isEqualTo(values.slice(1, first, to).toArray());
        }
        // 32, 64, 128 and 150 rows; of a window's block at least half is free after each move.
        int moves = window == 0 ? 4 : 3 + total / Math.max(16, window);
        assertThat(blocks).hasSizeLessThanOrEqualTo(moves);
    }

    private static KeysAndValues appended(KvCache cache, Tensor keys, Tensor values) {
        try (var pause = Autograd.noGrad()) {
            return cache.append(keys, values);
        }
    }

    /// Queries may be trained where keys are not, as with adapters: what the backward saw must outlive the block.
    @Test
    void aBackwardFindsWhatItSawAfterTheBlockHasGrown() {
        KvCache cache = new ContiguousKvCache(100);
        Tensor keys = normal(1, 64, 3); // the first blocks are of 32 and 64 rows, so the second is just full
        cache.append(keys.slice(1, 0, 63), keys.slice(1, 0, 63));
        Tensor q = normal(1, 1, 3).requireGrad();
        Tensor y = Attention.apply(q, cache.append(keys.slice(1, 63, 64), keys.slice(1, 63, 64)), 1, KeyMask.causal());
        cache.append(keys.slice(1, 0, 9), keys.slice(1, 0, 9));
        y.sum().backward();
        double[] after = q.grad().toArray();
        q.zeroGrad();
        Attention.apply(q, KeysAndValues.of(keys, keys), 1, KeyMask.causal())
                .sum()
                .backward();
        assertThat(after).isEqualTo(q.grad().toArray());
    }

    /// A window of 1 stores nothing between the steps, and the batch may change.
    @Test
    void aBatchOfAnotherSizeMayFollowWhereNothingIsStored() {
        KvCache cache = new RollingKvCache(1);
        for (int batch : new int[] {2, 3, 1}) {
            Tensor x = normal(batch, 1, DIM);
            assertThat(cache.append(x, x).keys().toArray()).isEqualTo(x.toArray());
        }
    }

    @Test
    void sequencesCanBePickedAndRepeated() {
        SelfAttention attention = attention(0, KeyMask.causal(), new NoPosition());
        Tensor x = normal(3, 5, DIM);
        Indices picked = Indices.of(2, 0, 2, 1);
        KvCache cache = new ContiguousKvCache(5);
        steps(attention, x, cache, new int[] {2, 4});
        cache.reorder(picked);
        Tensor next = attention.forward(x.indexSelect(0, picked).slice(1, 4, 5), cache);
        assertNear(next, attention.forward(x).indexSelect(0, picked).slice(1, 4, 5));
        assertThatThrownBy(() -> cache.reorder(Indices.of(4))).isInstanceOf(ShapeException.class);
    }

    /// A training step on a part of a text with the part before in the cache, as Transformer-XL's memory.
    @Test
    void gradientsReachTheNewPositionsOnly() {
        SelfAttention attention = attention(0, KeyMask.causal(), new NoPosition());
        Tensor before = normal(1, 2, DIM).requireGrad();
        Tensor now = normal(1, 3, DIM).requireGrad();
        KvCache cache = new ContiguousKvCache(9);
        attention.forward(before, cache);
        attention.forward(now, cache).sum().backward();
        assertThat(before.grad()).isNull();
        double[] step = now.grad().toArray();
        now.zeroGrad();
        attention
                .forward(Tensor.concat(1, before.detach(), now))
                .slice(1, 2, 5)
                .sum()
                .backward();
        double[] whole = now.grad().toArray();
        for (int i = 0; i < step.length; i++) {
            assertThat(Math.abs(step[i] - whole[i])).isLessThan(1e-12); // the same sums in another order
        }
    }

    /// Where every key has another angle in a longer sequence, the cache keeps them as they were projected: each step
    /// gives what the sequence up to it gives at its end.
    @Test
    void keysAreRotatedAnewWhereAnglesGoByTheLength() {
        for (KeyMask mask : List.of(KeyMask.causal(), new SlidingWindow(3))) {
            SelfAttention attention = new MultiHeadAttention(
                    AttentionConfig.of(DIM, 2).withMask(mask).withPosition(new Rope(new DynamicNtk(100, 2, 4))), rng);
            attention.to(DType.FLOAT64);
            Tensor x = normal(2, 9, DIM);
            List<KvCache> caches = mask instanceof SlidingWindow
                    ? List.of(new ContiguousKvCache(9), new RollingKvCache(3))
                    : List.of(new ContiguousKvCache(9));
            for (KvCache cache : caches) {
                for (int t = 0; t < 9; t++) {
                    Tensor step = attention.forward(x.slice(1, t, t + 1), cache);
                    assertNear(step, attention.forward(x.slice(1, 0, t + 1)).slice(1, t, t + 1));
                }
            }
        }
    }

    @Test
    void whoseMaskIsCacheableGoesStepByStep() {
        for (int kind = 0; kind < 3; kind++) {
            for (KeyMask mask : MASKS) {
                assertThat(attention(kind, mask, new NoPosition()).cacheable()).isTrue();
            }
            assertThat(attention(kind, KeyMask.full(), new NoPosition()).cacheable())
                    .isFalse();
        }
        AttentionConfig config = AttentionConfig.of(DIM, 2);
        assertThat(new FixedSparseAttention(config, new FixedSparse(4, 2), rng).cacheable())
                .isTrue();
        assertThat(new StridedSparseAttention(config, 3, rng).cacheable()).isTrue();
        assertThat(new RolledShiftedSparseAttention(config, 2, rng).cacheable()).isFalse();
    }

    @Test
    void badInput() {
        KvCache cache = new ContiguousKvCache(4);
        Tensor three = normal(1, 3, DIM);
        cache.append(three, three);
        assertThatThrownBy(() -> cache.append(three, three)) // BAD-INPUT 40
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("3 more positions do not fit, 3 of 4 are taken");
        Tensor other = normal(2, 1, DIM);
        assertThatThrownBy(() -> cache.append(other, other)).isInstanceOf(ShapeException.class);
        Tensor one = normal(1, 1, DIM);
        assertThatThrownBy(() -> cache.append(one, three)).isInstanceOf(ShapeException.class);
        assertThat(cache.append(one, one).keys().dim(1)).isEqualTo(4); // nothing had changed
        assertThatThrownBy(() -> new ContiguousKvCache(0)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new RollingKvCache(0)).isInstanceOf(ConfigException.class);
        SelfAttention causal = attention(0, KeyMask.causal(), new NoPosition());
        assertThatThrownBy(() -> causal.forward(one, new RollingKvCache(4)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("rolling cache of 4");
        SelfAttention wide = attention(0, new SlidingWindow(5), new NoPosition());
        assertThatThrownBy(() -> wide.forward(one, new RollingKvCache(4))).isInstanceOf(ConfigException.class);
        SelfAttention whole = new RolledShiftedSparseAttention(AttentionConfig.of(DIM, 2), 2, rng);
        assertThatThrownBy(() -> whole.forward(one, cache))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("RolledShiftedSparseAttention cannot go step by step");
    }

    @Provide
    static Arbitrary<KeyMask> masks() {
        return Arbitraries.of(MASKS);
    }

    @Provide
    static Arbitrary<Function<Rng, Position>> positions() {
        return Arbitraries.of(POSITIONS);
    }

    /// Where the pieces of a sequence of at most 12 end.
    @Provide
    static Arbitrary<int[]> splits() {
        return Arbitraries.integers()
                .between(1, 12)
                .set()
                .ofMinSize(1)
                .ofMaxSize(5)
                .map(ends -> ends.stream().mapToInt(Integer::intValue).sorted().toArray());
    }
}
