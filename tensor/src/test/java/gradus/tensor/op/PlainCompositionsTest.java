package gradus.tensor.op;

import static gradus.tensor.Near.assertWithin;
import static gradus.tensor.Near.largest;
import static org.assertj.core.api.Assertions.assertThat;

import gradus.tensor.Draw;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.kernel.Gate;
import gradus.tensor.kernel.RopePairs;
import gradus.tensor.mask.KeyMask;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import java.util.Arrays;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/// Each fused operation is its plain composition, forward and backward, in double.
class PlainCompositionsTest {
    /// A few hundred roundings of 1.1e-16, each of a number of the size of the largest, or magnified by the 1/√ε = 32
    /// of the norms' ε: 1e-3 in these tests.
    private static final double ROUNDINGS = 1e-11;

    private static void same(Function<Tensor[], Tensor> fused, Function<Tensor[], Tensor> plain, Tensor... inputs) {
        try (var scope = Scope.open()) {
            for (Tensor input : inputs) {
                input.requireGrad();
            }
            Tensor expected = plain.apply(inputs);
            Tensor upstream = Draw.normal(99, expected.shape().dims());
            expected.backward(upstream);
            double[][] gradients = gradients(inputs);
            Tensor actual = fused.apply(inputs);
            assertThat(actual.shape()).isEqualTo(expected.shape());
            near(actual.toArray(), expected.toArray());
            actual.backward(upstream);
            double[][] others = gradients(inputs);
            for (int i = 0; i < inputs.length; i++) {
                near(others[i], gradients[i]);
            }
        }
    }

    private static double[][] gradients(Tensor... inputs) {
        return Arrays.stream(inputs)
                .map(input -> {
                    double[] gradient = input.grad().toArray();
                    input.zeroGrad();
                    return gradient;
                })
                .toArray(double[][]::new);
    }

    private static void near(double[] actual, double[] expected) {
        assertWithin(actual, expected, ROUNDINGS * (1 + largest(expected)));
    }

    @Property(tries = 200)
    void norms(
            @ForAll("shapes") Shape shape, @ForAll long seed, @ForAll @DoubleRange(min = 0.1, max = 10) double spread) {
        int n = shape.last();
        double eps = 1e-3;
        Tensor x = Draw.normal(seed, shape.dims()).mul(spread).detach();
        Tensor gain = Draw.normal(seed + 1, n);
        Tensor bias = Draw.normal(seed + 2, n);
        same(t -> LayerNorm.apply(t[0], t[1], t[2], eps), t -> LayerNorm.plain(t[0], t[1], t[2], eps), x, gain, bias);
        same(t -> RmsNorm.apply(t[0], t[1], eps), t -> RmsNorm.plain(t[0], t[1], eps), x, gain);
    }

    @Property(tries = 200)
    void softmaxes(
            @ForAll("shapes") Shape shape,
            @ForAll long seed,
            @ForAll @DoubleRange(min = 0.1, max = 300) double spread) {
        Tensor x = Draw.normal(seed, shape.dims()).mul(spread).detach();
        same(t -> Softmax.apply(t[0]), t -> Softmax.plain(t[0]), x);
        same(t -> LogSoftmax.apply(t[0]), t -> LogSoftmax.plain(t[0]), x);
        same(t -> LogSumExp.apply(t[0]), t -> LogSumExp.plain(t[0]), x);
    }

    @Property(tries = 200)
    void crossEntropies(
            @ForAll @IntRange(min = 1, max = 6) int rows,
            @ForAll @IntRange(min = 1, max = 9) int classes,
            @ForAll @DoubleRange(min = 0, max = 1) double smoothing,
            @ForAll long seed) {
        int[] targets = new int[2 * rows];
        for (int i = 0; i < targets.length; i++) {
            int drawn = Rng.of(seed).index(i, classes + 1);
            targets[i] = drawn == classes ? CrossEntropy.IGNORE_INDEX : drawn;
        }
        Indices wanted = Indices.of(Shape.of(2, rows), targets);
        same(
                t -> CrossEntropy.rows(t[0], wanted, CrossEntropy.IGNORE_INDEX, smoothing),
                t -> CrossEntropy.plainRows(t[0], wanted, CrossEntropy.IGNORE_INDEX, smoothing),
                Draw.normal(seed, 2, rows, classes));
        assertThat(wanted.values()).isEqualTo(targets);
    }

    @Property(tries = 200)
    void gates(@ForAll Gate gate, @ForAll("shapes") Shape shape, @ForAll long seed) {
        Tensor a = Draw.awayFromZero(seed, shape.dims());
        Tensor b = Draw.normal(seed + 1, shape.dims());
        same(t -> Gated.apply(gate, t[0], t[1]), t -> Gated.plain(gate, t[0], t[1]), a, b);
    }

    @Property(tries = 200)
    void ropes(
            @ForAll RopePairs pairs,
            @ForAll @IntRange(min = 1, max = 2) int batch,
            @ForAll @IntRange(min = 1, max = 4) int time,
            @ForAll @IntRange(min = 1, max = 3) int heads,
            @ForAll @IntRange(min = 1, max = 4) int half,
            @ForAll boolean bySequence,
            @ForAll long seed) {
        Indices positions = bySequence ? Draw.indices(seed, 7, batch, time) : Draw.indices(seed, 7, time);
        Tensor cos = Draw.normal(seed + 1, 7, half);
        Tensor sin = Draw.normal(seed + 2, 7, half);
        same(
                t -> Rope.apply(t[0], cos, sin, positions, pairs),
                t -> Rope.plain(t[0], cos, sin, positions, pairs),
                Draw.normal(seed, batch, time, heads * 2 * half));
    }

    @Property(tries = 200)
    void linears(@ForAll("shapes") Shape shape, @ForAll @IntRange(min = 1, max = 5) int out, @ForAll long seed) {
        Tensor x = Draw.normal(seed, shape.dims());
        Tensor weight = Draw.normal(seed + 1, out, shape.last());
        Tensor bias = Draw.normal(seed + 2, out);
        same(t -> Linear.apply(t[0], t[1], t[2]), t -> Linear.plain(t[0], t[1], t[2]), x, weight, bias);
        same(t -> Linear.apply(t[0], t[1], null), t -> Linear.plain(t[0], t[1], null), x, weight);
    }

    @Property(tries = 200)
    void dropouts(
            @ForAll("shapes") Shape shape, @ForAll @DoubleRange(min = 0.01, max = 0.99) double p, @ForAll long seed) {
        Rng rng = Rng.of(seed);
        same(t -> Dropout.apply(t[0], p, rng), t -> Dropout.plain(t[0], p, rng), Draw.normal(seed, shape.dims()));
    }

    @Property(tries = 200)
    void attentions(
            @ForAll @IntRange(min = 1, max = 4) int queries,
            @ForAll @IntRange(min = 0, max = 4) int before,
            @ForAll @IntRange(min = 1, max = 2) int kvHeads,
            @ForAll @IntRange(min = 1, max = 3) int group,
            @ForAll @IntRange(min = 1, max = 3) int headDim,
            @ForAll("masks") KeyMask mask,
            @ForAll boolean biased,
            @ForAll long seed) {
        int heads = kvHeads * group;
        int keys = queries + before;
        Tensor q = Draw.normal(seed, 2, queries, heads * headDim);
        Tensor k = Draw.normal(seed + 1, 2, keys, kvHeads * headDim);
        Tensor v = Draw.normal(seed + 2, 2, keys, kvHeads * headDim);
        AttentionSettings settings = AttentionSettings.of(heads, mask).withScale(0.7);
        if (biased) {
            Tensor bias = Draw.normal(seed + 3, heads, queries + keys - 1);
            same(
                    t -> Attention.apply(t[0], t[1], t[2], settings.withBias(t[3])),
                    t -> Attention.plain(t[0], t[1], t[2], settings.withBias(t[3])),
                    q,
                    k,
                    v,
                    bias);
        } else {
            same(
                    t -> Attention.apply(t[0], t[1], t[2], settings),
                    t -> Attention.plain(t[0], t[1], t[2], settings),
                    q,
                    k,
                    v);
        }
    }

    @Test
    void aQueryThatSeesNothingGetsZeros() { // BAD-INPUT 36
        KeyMask lastOnly = query -> query.sees(0, query.index() == 1 ? 1 : 0);
        Tensor x = Draw.normal(1, 1, 2, 4);
        Tensor y = Attention.plain(x, x, x, AttentionSettings.of(2, lastOnly));
        assertThat(y.slice(1, 0, 1).toArray()).containsOnly(0);
        assertThat(y.slice(1, 1, 2).toArray()).containsExactly(x.slice(1, 0, 1).toArray());
    }

    @Test
    void aRowOfInfinitiesOnly() { // BAD-INPUT 184
        Tensor x = Draw.tensor(i -> Double.NEGATIVE_INFINITY, 1, 3);
        assertThat(Softmax.plain(x).toArray()).containsExactly(Softmax.apply(x).toArray());
        assertThat(LogSumExp.plain(x).toArray())
                .containsExactly(LogSumExp.apply(x).toArray());
    }

    @Provide
    static Arbitrary<Shape> shapes() {
        return Draw.shapes(1, 3);
    }

    /// Everything, the past, every second key, nothing for some, and what differs by head and sequence.
    @Provide
    static Arbitrary<KeyMask> masks() {
        KeyMask second = query -> {
            for (int key = query.index() % 2; key < query.keys(); key += 2) {
                query.sees(key);
            }
        };
        KeyMask some = query -> query.sees(0, query.index() == 0 ? 0 : query.keys());
        KeyMask byHead = new KeyMask() {
            @Override
            public void see(gradus.tensor.mask.Query query) {
                query.sees(Math.min(query.keys(), query.head() + query.sequence()), query.keys());
            }

            @Override
            public boolean byHead() {
                return true;
            }

            @Override
            public boolean bySequence() {
                return true;
            }
        };
        return Arbitraries.of(KeyMask.full(), KeyMask.causal(), second, some, byHead);
    }
}
