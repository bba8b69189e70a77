package gradus.tensor.op;

import static gradus.tensor.Near.assertNear;
import static gradus.tensor.Near.largest;
import static gradus.tensor.op.AttentionOracle.TEETH;
import static gradus.tensor.op.AttentionOracle.WINDOW;
import static gradus.tensor.op.AttentionOracle.logSums;
import static gradus.tensor.op.AttentionOracle.loop;
import static gradus.tensor.op.AttentionOracle.seen;
import static gradus.tensor.op.AttentionOracle.unfused;
import static gradus.tensor.op.ViewsTest.refused;
import static org.assertj.core.api.Assertions.assertThat;

import gradus.tensor.Draw;
import gradus.tensor.Tensor;
import gradus.tensor.mask.KeyMask;
import gradus.tensor.mask.Query;
import gradus.tensor.op.AttentionOracle.Sizes;
import gradus.tensor.type.DType;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class AttentionTest extends OpTest {
    @Override
    protected List<Example> examples() {
        Sizes cross = new Sizes(2, 2, 3, 2, 2, 2);
        Sizes grouped = new Sizes(1, 2, 2, 4, 2, 2);
        Sizes longer = new Sizes(1, 3, 3, 2, 2, 2); // the last query of the window sees something
        return List.of(
                new Example(
                        "full",
                        x -> x[0].attention(x[1], x[2], 2, KeyMask.full()),
                        cross.q(1),
                        cross.kv(2),
                        cross.kv(3)),
                new Example(
                        "causal with a cache",
                        x -> x[0].attention(x[1], x[2], 2, KeyMask.causal()),
                        cross.q(1),
                        cross.kv(2),
                        cross.kv(3)),
                new Example(
                        "grouped queries",
                        x -> x[0].attention(x[1], x[2], 4, KeyMask.causal()),
                        grouped.q(1),
                        grouped.kv(2),
                        grouped.kv(3)),
                new Example(
                        "a window with an empty row",
                        x -> x[0].attention(x[1], x[2], 2, WINDOW),
                        longer.q(1),
                        longer.kv(2),
                        longer.kv(3)),
                new Example(
                        "every other key, by head and sequence",
                        x -> x[0].attention(x[1], x[2], 2, TEETH),
                        cross.q(1),
                        cross.kv(2),
                        cross.kv(3)),
                new Example(
                        "with a bias and a scale",
                        x -> Attention.apply(x[0], x[1], x[2], biased(2, WINDOW, x[3])),
                        longer.q(1),
                        longer.kv(2),
                        longer.kv(3),
                        Draw.normal(4, 2, 5)),
                new Example(
                        "with a bias, several sequences and grouped queries",
                        x -> Attention.apply(x[0], x[1], x[2], biased(2, KeyMask.causal(), x[3])),
                        Draw.normal(1, 2, 2, 4),
                        Draw.normal(2, 2, 3, 2),
                        Draw.normal(3, 2, 3, 2),
                        Draw.normal(4, 2, 4)),
                new Example(
                        "output and log-sum-exp",
                        x -> {
                            var result = Attention.withLogSum(x[0], x[1], x[2], biased(2, KeyMask.full(), x[3]));
                            return Tensor.concat(0, flat(result.out()), flat(result.logSum()));
                        },
                        cross.q(1),
                        cross.kv(2),
                        cross.kv(3),
                        Draw.normal(4, 2, 4)),
                new Example(
                        "log-sum-exp alone", // v has no part in it: nothing of it may be left in the gradient
                        x -> Attention.withLogSum(x[0], x[1], x[1], biased(2, KeyMask.full(), x[2]))
                                .logSum(),
                        cross.q(1),
                        cross.kv(2),
                        Draw.normal(4, 2, 4)),
                new Example(
                        "one tensor for q, k and v",
                        x -> x[0].attention(x[0], x[0], 2, KeyMask.full()),
                        Draw.normal(1, 1, 3, 4)),
                new Example("packed", x -> x[0].selfAttention(2, KeyMask.causal()), Draw.normal(1, 2, 3, 12)),
                new Example(
                        "packed, one head of 1", x -> x[0].selfAttention(1, KeyMask.full()), Draw.normal(1, 1, 2, 3)));
    }

    @Property
    void isTheLoop(@ForAll("sizes") Sizes s, @ForAll("masks") KeyMask mask, @ForAll long seed) {
        Tensor q = s.q(seed);
        Tensor k = s.kv(seed + 1);
        Tensor v = s.kv(seed + 2);
        double[] expected = loop(s, q, k, v, mask);
        // An output is a mean of values, so it is as uncertain as they are.
        double values = largest(v.toArray());
        assertNear(q.attention(k, v, s.heads(), mask).toArray(), expected, 1e-12, values);
        Tensor narrow = q.to(DType.FLOAT32).attention(k.to(DType.FLOAT32), v.to(DType.FLOAT32), s.heads(), mask);
        assertNear(narrow.toArray(), expected, 1e-5, values);
    }

    /// The fused operation against products, a softmax and slices, forwards and backwards.
    @Property
    void isItsUnfusedForm(@ForAll("sizes") Sizes s, @ForAll("masks") KeyMask mask, @ForAll long seed) {
        Tensor[] inputs = {
            s.q(seed).requireGrad(),
            s.kv(seed + 1).requireGrad(),
            s.kv(seed + 2).requireGrad()
        };
        Tensor fused = inputs[0].attention(inputs[1], inputs[2], s.heads(), mask);
        Tensor u = Draw.normal(seed + 3, fused.shape().dims());
        fused.backward(u);
        double[][] gradients = new double[3][];
        for (int i = 0; i < 3; i++) {
            gradients[i] = inputs[i].grad().toArray();
            inputs[i].zeroGrad();
        }
        Tensor unfused = unfused(s, inputs[0], inputs[1], inputs[2], mask);
        assertNear(fused.toArray(), unfused.toArray(), 1e-12, largest(inputs[2].toArray()));
        unfused.backward(u);
        for (int i = 0; i < 3; i++) {
            // The gradient by q vanishes where a query sees one key, so it is compared by the upstream's own size.
            double[] expected = inputs[i].grad().toArray();
            for (int j = 0; j < expected.length; j++) {
                assertThat(Math.abs(gradients[i][j] - expected[j])).isLessThan(1e-11);
            }
        }
    }

    @Property
    void withBiasScaleAndLogSumIsTheLoop(@ForAll("sizes") Sizes s, @ForAll("masks") KeyMask mask, @ForAll long seed) {
        Tensor[] inputs = {
            s.q(seed), s.kv(seed + 1), s.kv(seed + 2), Draw.normal(seed + 3, s.heads(), s.queries() + s.keys() - 1)
        };
        double[] expected = loop(s, 0.3, inputs[3], inputs[0], inputs[1], inputs[2], mask);
        double[] logSums = logSums(s, 0.3, inputs[3], inputs[0], inputs[1], mask);
        for (DType dtype : DType.values()) {
            Tensor[] x = Arrays.stream(inputs).map(t -> t.to(dtype)).toArray(Tensor[]::new);
            var result = Attention.withLogSum(
                    x[0],
                    x[1],
                    x[2],
                    AttentionSettings.of(s.heads(), mask).withScale(0.3).withBias(x[3]));
            double tolerance = dtype == DType.FLOAT64 ? 1e-12 : 1e-5;
            assertNear(result.out().toArray(), expected, tolerance, largest(inputs[2].toArray()));
            assertNear(result.logSum().toArray(), logSums, tolerance, 1 + largest(inputs[3].toArray()));
        }
    }

    @Property
    void aBiasThatIsTheSameForAllDistancesMovesOnlyTheLogSum(@ForAll("sizes") Sizes s, @ForAll long seed) {
        Tensor q = s.q(seed);
        Tensor k = s.kv(seed + 1);
        AttentionSettings plain = AttentionSettings.of(s.heads(), KeyMask.causal());
        Tensor three = Draw.tensor(i -> 3, s.heads(), s.queries() + s.keys() - 1);
        var expected = Attention.withLogSum(q, k, k, plain);
        var moved = Attention.withLogSum(q, k, k, plain.withBias(three));
        assertNear(moved.out().toArray(), expected.out().toArray(), 1e-12, largest(k.toArray()));
        assertNear(moved.logSum().toArray(), expected.logSum().add(3).toArray(), 1e-12, 3);
    }

    @Property
    void packedIsTheSameAsApart(@ForAll("sizes") Sizes s, @ForAll("masks") KeyMask mask, @ForAll long seed) {
        int channels = s.heads() * s.headDim();
        Tensor qkv = Draw.normal(seed, s.batch(), s.queries(), 3 * channels);
        Tensor apart = qkv.slice(2, 0, channels)
                .attention(
                        qkv.slice(2, channels, 2 * channels),
                        qkv.slice(2, 2 * channels, 3 * channels),
                        s.heads(),
                        mask);
        assertNear(qkv.selfAttention(s.heads(), mask).toArray(), apart.toArray(), 1e-13, largest(qkv.toArray()));
    }

    @Property
    void theOrderOfKeysDoesNotMatter(@ForAll("sizes") Sizes s, @ForAll long seed) {
        Tensor q = s.q(seed);
        Tensor k = s.kv(seed + 1);
        Tensor v = s.kv(seed + 2);
        Indices backwards = Indices.of(
                IntStream.range(0, s.keys()).map(i -> s.keys() - 1 - i).toArray());
        Tensor turned =
                q.attention(k.indexSelect(1, backwards), v.indexSelect(1, backwards), s.heads(), KeyMask.full());
        double[] straight = q.attention(k, v, s.heads(), KeyMask.full()).toArray();
        assertNear(turned.toArray(), straight, 1e-12, largest(v.toArray()));
    }

    @Property
    void causalOutputsDoNotDependOnWhatComesLater(@ForAll("sizes") Sizes s, @ForAll long seed) {
        int time = s.queries();
        int channels = 3 * s.heads() * s.headDim();
        Tensor x = Draw.normal(seed, s.batch(), time, channels);
        int changed = (int) Math.floorMod(seed, time);
        Tensor bump = Draw.tensor(i -> i / channels % time == changed ? 5 : 0, s.batch(), time, channels);
        Tensor before = x.selfAttention(s.heads(), KeyMask.causal());
        Tensor after = x.add(bump).selfAttention(s.heads(), KeyMask.causal());
        for (int t = 0; t < changed; t++) {
            assertNear(after.select(1, t), before.select(1, t), 0);
        }
    }

    @Property
    void groupedKeysAreRepeatedKeys(@ForAll("sizes") Sizes s, @ForAll long seed) {
        Tensor q = s.q(seed);
        Tensor k = s.kv(seed + 1);
        Tensor v = s.kv(seed + 2);
        int group = s.heads() / s.kvHeads();
        int[] channels = IntStream.range(0, s.heads() * s.headDim())
                .map(c -> c / s.headDim() / group * s.headDim() + c % s.headDim())
                .toArray();
        Tensor repeated = q.attention(
                k.indexSelect(2, Indices.of(channels)),
                v.indexSelect(2, Indices.of(channels)),
                s.heads(),
                KeyMask.causal());
        double[] grouped = q.attention(k, v, s.heads(), KeyMask.causal()).toArray();
        assertNear(grouped, repeated.toArray(), 1e-13, largest(v.toArray()));
    }

    /// Reading a mask costs as much as it says that it differs, not B·H times that.
    @Test
    void aMaskIsAskedOnceForEveryQueryItDiffersIn() {
        for (boolean differs : new boolean[] {false, true}) {
            int[] asked = new int[1];
            KeyMask counting = new KeyMask() {
                @Override
                public void see(Query query) {
                    asked[0]++;
                    query.sees(0, query.keys());
                }

                @Override
                public boolean byHead() {
                    return differs;
                }
            };
            Tensor q = Draw.normal(1, 5, 3, 8);
            q.attention(q, q, 4, counting);
            assertThat(asked[0]).isEqualTo(differs ? 12 : 3);
        }
    }

    @Property
    void bothOfTwoMasksMustAllowAKey(
            @ForAll("masks") KeyMask one, @ForAll("masks") KeyMask other, @ForAll("sizes") Sizes s) {
        Shape shape = Shape.of(s.batch(), s.heads(), s.queries(), s.keys());
        boolean[] first = one.dense(shape);
        boolean[] second = other.dense(shape);
        boolean[] both = one.and(other).dense(shape);
        for (int i = 0; i < both.length; i++) {
            assertThat(both[i]).isEqualTo(first[i] && second[i]);
        }
        assertThat(first).isEqualTo(seen(s, one));
    }

    @Test
    void aQueryThatSeesNothingGetsZeros() { // BAD-INPUT 36
        for (DType dtype : DType.values()) {
            Tensor q = Draw.normal(1, 1, 3, 4).to(dtype).requireGrad();
            Tensor y = q.attention(q, q, 2, WINDOW);
            assertThat(y.select(1, 1).toArray()).containsOnly(0);
            y.sum().backward();
            assertThat(q.grad().toArray()).doesNotContain(Double.NaN);
        }
        // With fewer keys than queries a causal mask leaves the first queries without any.
        Tensor y = Draw.normal(1, 1, 3, 2)
                .attention(Draw.normal(2, 1, 1, 2), Draw.normal(3, 1, 1, 2), 1, KeyMask.causal());
        assertThat(y.slice(1, 0, 2).toArray()).containsOnly(0);
    }

    @Test
    void largeLogitsStayFinite() { // BAD-INPUT 185
        for (DType dtype : DType.values()) {
            Tensor q = Draw.normal(1, 1, 3, 4).mul(100).to(dtype).requireGrad();
            Tensor y = q.attention(q, q, 1, KeyMask.full());
            assertThat(DoubleStream.of(y.toArray())).allMatch(Double::isFinite);
            y.sum().backward();
            assertThat(DoubleStream.of(q.grad().toArray())).allMatch(Double::isFinite);
        }
    }

    @Test
    void argumentsThatDoNotFitAreRefused() {
        Tensor q = Tensor.ones(2, 3, 8);
        refused(() -> q.attention(q, q, 3, KeyMask.full()), "channels=8, heads=3");
        refused(() -> q.attention(q, q, 0, KeyMask.full()), "heads=0");
        refused(() -> q.attention(q, Tensor.ones(2, 4, 8), 2, KeyMask.full()), "(2, 4, 8)");
        refused(() -> q.attention(Tensor.ones(1, 3, 8), Tensor.ones(1, 3, 8), 2, KeyMask.full()), "(1, 3, 8)");
        refused(() -> q.attention(Tensor.ones(2, 3, 6), Tensor.ones(2, 3, 6), 2, KeyMask.full()), "6 channels");
        refused(() -> Tensor.ones(3, 8).attention(q, q, 2, KeyMask.full()), "(3, 8)"); // BAD-INPUT 6
        refused(() -> q.attention(null, q, 2, KeyMask.full()), "null"); // BAD-INPUT 14
        refused(() -> q.attention(q, q, 2, null), "mask", "null");
        refused(() -> Tensor.ones(2, 3, 6).selfAttention(1, null), "mask", "null");
        refused(() -> q.selfAttention(2, KeyMask.full()), "(B, T, 3·H·D); got (2, 3, 8)");
        KeyMask outside = query -> query.sees(0, query.keys() + 1);
        refused(
                () -> q.attention(q, q, 2, outside),
                "mask gives query 0 the keys 0..3; there are 0..2"); // BAD-INPUT 35
        KeyMask negative = query -> query.sees(-1);
        refused(() -> q.attention(q, q, 2, negative), "mask gives query 0 the keys -1..-1; there are 0..2");
        KeyMask backwards = query -> {
            query.sees(1, 2);
            query.sees(0, 1);
        };
        refused(() -> q.attention(q, q, 2, backwards), "query 0 the keys 0..0 after those up to 1", "sorted");
        AttentionSettings settings = AttentionSettings.of(2, KeyMask.full());
        refused(() -> settings.withScale(Double.NaN), "scale", "NaN");
        refused(() -> Attention.apply(q, q, q, settings.withBias(Tensor.ones(2, 4))), "(2, 5); got (2, 4)");
        Tensor wide = Tensor.ones(2, 5).to(DType.FLOAT64);
        refused(() -> Attention.apply(q, q, q, settings.withBias(wide)), "types must be equal");
    }

    @Provide
    static Arbitrary<Sizes> sizes() {
        Arbitrary<Integer> time = Arbitraries.of(1, 2, 3, 5, 9, 17);
        return net.jqwik.api.Combinators.combine(
                        Arbitraries.integers().between(1, 2),
                        time,
                        time,
                        Arbitraries.integers().between(1, 2),
                        Arbitraries.integers().between(1, 3),
                        Arbitraries.of(1, 2, 3, 8))
                .as((b, t, s, kv, group, d) -> new Sizes(b, t, s, kv * group, kv, d));
    }

    @Provide
    static Arbitrary<KeyMask> masks() {
        return Arbitraries.of(KeyMask.full(), KeyMask.causal(), WINDOW, TEETH);
    }

    private static AttentionSettings biased(int heads, KeyMask mask, Tensor bias) {
        return AttentionSettings.of(heads, mask).withScale(0.6).withBias(bias);
    }

    private static Tensor flat(Tensor x) {
        return x.reshape(x.size());
    }
}
