package gradus.tensor.op.product;

import static gradus.tensor.Near.assertNear;
import static gradus.tensor.Near.largest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ShapeException;
import gradus.tensor.Draw;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.memory.BufferPool;
import gradus.tensor.op.OpTest;
import gradus.tensor.type.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class LowRankLinearTest extends OpTest {
    private static final double[] SCALES = {0.7, -1.5, 2};

    /// x, weight, bias, and then A and B of each update.
    private static Tensor applied(Tensor... t) {
        return LowRankLinear.apply(t[0], t[1], t[2], updates(t));
    }

    private static List<LowRankUpdate> updates(Tensor... t) {
        List<LowRankUpdate> updates = new ArrayList<>();
        for (int i = 3; i < t.length; i += 2) {
            updates.add(new LowRankUpdate(t[i], t[i + 1], SCALES[updates.size()]));
        }
        return updates;
    }

    @Override
    protected List<Example> examples() {
        return List.of(
                new Example(
                        "rows of several sequences",
                        LowRankLinearTest::applied,
                        Draw.normal(1, 2, 3, 4),
                        Draw.normal(2, 5, 4),
                        Draw.normal(3, 5),
                        Draw.normal(4, 2, 4),
                        Draw.normal(5, 5, 2)),
                new Example(
                        "a vector",
                        LowRankLinearTest::applied,
                        Draw.normal(1, 4),
                        Draw.normal(2, 3, 4),
                        Draw.normal(3, 3),
                        Draw.normal(4, 1, 4),
                        Draw.normal(5, 3, 1)),
                new Example(
                        "two updates",
                        LowRankLinearTest::applied,
                        Draw.normal(1, 6, 3),
                        Draw.normal(2, 2, 3),
                        Draw.normal(3, 2),
                        Draw.normal(4, 2, 3),
                        Draw.normal(5, 2, 2),
                        Draw.normal(6, 1, 3),
                        Draw.normal(7, 2, 1)),
                new Example(
                        "without bias",
                        t -> LowRankLinear.apply(t[0], t[1], null, List.of(new LowRankUpdate(t[2], t[3], 3))),
                        Draw.normal(1, 3, 3),
                        Draw.normal(2, 4, 3),
                        Draw.normal(4, 2, 3),
                        Draw.normal(5, 4, 2)),
                new Example(
                        "no update",
                        t -> LowRankLinear.apply(t[0], t[1], t[2], List.of()),
                        Draw.normal(1, 3, 3),
                        Draw.normal(2, 4, 3),
                        Draw.normal(3, 4)));
    }

    /// The result and every gradient, in both types, against loops over the elements.
    @Property(tries = 200)
    void isTheLoopAndItsPlainForm(
            @ForAll @IntRange(min = 1, max = 70) int rows,
            @ForAll @IntRange(min = 1, max = 40) int in,
            @ForAll @IntRange(min = 1, max = 40) int out,
            @ForAll @IntRange(min = 1, max = 9) int rank,
            @ForAll @IntRange(min = 0, max = 3) int count,
            @ForAll long seed) {
        Tensor[] given = new Tensor[3 + 2 * count];
        given[0] = Draw.normal(seed, rows, in);
        given[1] = Draw.normal(seed + 1, out, in);
        given[2] = Draw.normal(seed + 2, out);
        for (int i = 0; i < count; i++) {
            given[3 + 2 * i] = Draw.normal(seed + 3 + 2 * i, rank, in);
            given[4 + 2 * i] = Draw.normal(seed + 4 + 2 * i, out, rank);
        }
        Tensor dy = Draw.normal(seed + 20, rows, out);
        Loops loops = new Loops(given, dy);
        // A term of y is x·w or x·s·b·a: rounded in 3 products, and in sums of at most r·count + 1 terms of W', in + 1
        // of y, or rows or out of a gradient. Each sum of a gradient of A and B goes over two of these lengths.
        int roundings = 5 + rank * count + in + out + rows;
        for (DType dtype : DType.values()) {
            Tensor[] t = Arrays.stream(given)
                    .map(each -> each.to(dtype).requireGrad())
                    .toArray(Tensor[]::new);
            // four more of the inputs
            double tolerance = dtype == DType.FLOAT64 ? 2 * roundings * 0x1p-53 : (roundings + 4) * 0x1p-24;
            Tensor y = applied(t);
            assertNear(y.toArray(), loops.y, tolerance, largest(loops.terms));
            y.backward(dy.to(dtype));
            for (int i = 0; i < t.length; i++) {
                assertNear(t[i].grad().toArray(), loops.gradients[i], tolerance, largest(loops.gradientTerms[i]));
            }
        }
        Tensor plain = LowRankLinear.plain(given[0], given[1], given[2], updates(given));
        assertNear(plain.toArray(), loops.y, 2 * roundings * 0x1p-53, largest(loops.terms));
    }

    /// Sums over elements, and beside each the sum of its terms' magnitudes.
    private static final class Loops {
        final double[] y;
        final double[] terms;
        final double[][] gradients;
        final double[][] gradientTerms;

        Loops(Tensor[] t, Tensor dy) {
            int rows = t[0].dim(0);
            int in = t[0].dim(1);
            int out = t[1].dim(0);
            double[] x = t[0].toArray();
            double[] d = dy.toArray();
            double[] bias = t[2].toArray();
            y = new double[rows * out];
            terms = new double[rows * out];
            gradients = new double[t.length][];
            gradientTerms = new double[t.length][];
            for (int i = 0; i < t.length; i++) {
                gradients[i] = new double[t[i].size()];
                gradientTerms[i] = new double[t[i].size()];
            }
            double[] w = t[1].toArray();
            double[] size = Arrays.stream(w).map(Math::abs).toArray();
            for (int i = 3; i < t.length; i += 2) {
                double s = SCALES[(i - 3) / 2];
                for (int o = 0; o < out; o++) {
                    for (int j = 0; j < in; j++) {
                        for (int k = 0; k < t[i].dim(0); k++) {
                            w[o * in + j] += s * t[i + 1].get(o, k) * t[i].get(k, j);
                            size[o * in + j] += Math.abs(s * t[i + 1].get(o, k) * t[i].get(k, j));
                        }
                    }
                }
            }
            for (int r = 0; r < rows; r++) {
                for (int o = 0; o < out; o++) {
                    y[r * out + o] += bias[o];
                    terms[r * out + o] += Math.abs(bias[o]);
                    add(2, o, d[r * out + o]);
                    for (int j = 0; j < in; j++) {
                        y[r * out + o] += x[r * in + j] * w[o * in + j];
                        terms[r * out + o] += Math.abs(x[r * in + j]) * size[o * in + j];
                        gradients[0][r * in + j] += d[r * out + o] * w[o * in + j];
                        gradientTerms[0][r * in + j] += Math.abs(d[r * out + o]) * size[o * in + j];
                        double each = d[r * out + o] * x[r * in + j]; // of dW', from which all others follow
                        add(1, o * in + j, each);
                        for (int i = 3; i < t.length; i += 2) {
                            double s = SCALES[(i - 3) / 2];
                            int rank = t[i].dim(0);
                            for (int k = 0; k < rank; k++) {
                                add(i, k * in + j, s * each * t[i + 1].get(o, k));
                                add(i + 1, o * rank + k, s * each * t[i].get(k, j));
                            }
                        }
                    }
                }
            }
        }

        private void add(int input, int place, double term) {
            gradients[input][place] += term;
            gradientTerms[input][place] += Math.abs(term);
        }
    }

    /// [AddLowRank] over a linear layer is the same: each of the two is within its roundings of the exact result.
    @Property(tries = 200)
    void isTheThinProductsBesideTheLargeOne(
            @ForAll @IntRange(min = 1, max = 200) int rows,
            @ForAll @IntRange(min = 1, max = 40) int in,
            @ForAll @IntRange(min = 1, max = 40) int out,
            @ForAll @IntRange(min = 1, max = 17) int rank,
            @ForAll long seed) {
        Tensor x = Draw.normal(seed, rows, in).to(DType.FLOAT32);
        Tensor w = Draw.normal(seed + 1, out, in).to(DType.FLOAT32);
        Tensor a = Draw.normal(seed + 2, rank, in).to(DType.FLOAT32);
        Tensor b = Draw.normal(seed + 3, out, rank).to(DType.FLOAT32);
        Tensor dy = Draw.normal(seed + 4, rows, out).to(DType.FLOAT32);
        Tensor size = magnitude(x).linear(magnitude(w).add(magnitude(b).matmul(magnitude(a))), null);
        for (Tensor each : List.of(x, a, b)) {
            each.requireGrad();
        }
        Tensor together = LowRankLinear.apply(x, w, null, List.of(new LowRankUpdate(a, b, 1)));
        together.backward(dy);
        double[] da = a.grad().toArray();
        double[] db = b.grad().toArray();
        double[] dx = x.grad().toArray();
        for (Tensor each : List.of(x, a, b)) {
            each.zeroGrad();
        }
        Tensor beside = AddLowRank.apply(x.linear(w, null), x, a, b, 1);
        beside.backward(dy);
        double tolerance = 2 * (in + rank + 3) * 0x1p-24;
        assertNear(together.toArray(), beside.toArray(), tolerance, largest(size.toArray()));
        Tensor ad = magnitude(dy);
        double ofX = largest(
                ad.matmul(magnitude(w).add(magnitude(b).matmul(magnitude(a)))).toArray());
        assertNear(dx, x.grad().toArray(), 2 * (out + rank + 3) * 0x1p-24, ofX);
        double ofA = largest(
                ad.matmul(magnitude(b)).matmul(magnitude(x), true, false).toArray());
        assertNear(da, a.grad().toArray(), 2 * (out + rows + 3) * 0x1p-24, ofA);
        double ofB = largest(ad.matmul(magnitude(x).matmul(magnitude(a), false, true), true, false)
                .toArray());
        assertNear(db, b.grad().toArray(), 2 * (in + rows + 3) * 0x1p-24, ofB);
    }

    private static Tensor magnitude(Tensor x) {
        return x.detach().abs();
    }

    /// The same numbers give the same bits, whatever the memory held.
    @Test
    void everyRunGivesTheSameBits() {
        double[][] first = null;
        for (int run = 0; run < 3; run++) {
            Tensor x = Draw.normal(1, 500, 33).to(DType.FLOAT32).requireGrad();
            Tensor w = Draw.normal(2, 65, 33).to(DType.FLOAT32);
            Tensor a = Draw.normal(3, 5, 33).to(DType.FLOAT32).requireGrad();
            Tensor b = Draw.normal(4, 65, 5).to(DType.FLOAT32).requireGrad();
            Tensor y = LowRankLinear.apply(x, w, null, List.of(new LowRankUpdate(a, b, 0.5)));
            y.backward(Draw.normal(5, 500, 65).to(DType.FLOAT32));
            double[][] got = {
                y.toArray(), x.grad().toArray(), a.grad().toArray(), b.grad().toArray()
            };
            first = first == null ? got : first;
            assertThat(got).isDeepEqualTo(first);
        }
    }

    /// Beside the result, only one matrix of W's size is held at a time, and none after either pass.
    @Test
    void theSumIsNotKept() {
        int width = 512;
        Tensor x = Draw.normal(1, 4, width).to(DType.FLOAT32).requireGrad();
        Tensor w = Draw.normal(2, width, width).to(DType.FLOAT32);
        Tensor a = Draw.normal(3, 1, width).to(DType.FLOAT32).requireGrad();
        Tensor b = Draw.normal(4, width, 1).to(DType.FLOAT32).requireGrad();
        try (var scope = Scope.open()) {
            BufferPool.trim();
            long before = inUse();
            long held = BufferPool.statistics().bytesHeld();
            Tensor y = LowRankLinear.apply(x, w, null, List.of(new LowRankUpdate(a, b, 1)));
            assertThat(inUse() - before).isLessThan(4L * width * width / 4);
            y.backward(Tensor.ones(4, width));
            assertThat(inUse() - before).isLessThan(4L * width * width / 4);
            assertThat(BufferPool.statistics().bytesHeld() - held).isBetween(4L * width * width, 6L * width * width);
        }
    }

    private static long inUse() {
        return BufferPool.statistics().bytesHeld() - BufferPool.statistics().bytesFree();
    }

    /// From the harmonic mean of the widths on.
    @Test
    void paysFromAsManyRowsAsTheMatrixIsWide() {
        assertThat(LowRankLinear.pays(383, 384, 384)).isFalse();
        assertThat(LowRankLinear.pays(384, 384, 384)).isTrue();
        assertThat(LowRankLinear.pays(614, 384, 1536)).isFalse(); // 2·384·1536/1920 = 614.4
        assertThat(LowRankLinear.pays(615, 384, 1536)).isTrue();
        assertThat(LowRankLinear.pays(615, 1536, 384)).isTrue();
        assertThat(LowRankLinear.pays(1, 1, 1)).isTrue();
        assertThat(LowRankLinear.pays(2_000_000_000, 2_000_000_000, 1)).isTrue(); // beyond 32 bits
    }

    @Test
    void whatDoesNotFitIsRefused() { // BAD-INPUT 6, 14
        Tensor x = Tensor.ones(2, 4);
        Tensor w = Tensor.ones(3, 4);
        Tensor a = Tensor.ones(1, 4);
        Tensor b = Tensor.ones(3, 1);
        LowRankUpdate good = new LowRankUpdate(a, b, 1);
        refused(() -> LowRankLinear.apply(null, w, null, List.of()), "null");
        refused(() -> LowRankLinear.apply(x, null, null, List.of()), "null");
        refused(() -> LowRankLinear.apply(x, w, null, null), "list of updates");
        refused(() -> LowRankLinear.apply(Tensor.ones(2, 3), w, null, List.of(good)), "got (2, 3) and (3, 4)");
        refused(() -> LowRankLinear.apply(x, w, Tensor.ones(4), List.of(good)), "bias must be (3,); got (4,)");
        refused(() -> LowRankLinear.apply(x, w, null, updates(x, w, b, Tensor.ones(1, 5), b)), "a (r, 4)");
        refused(() -> LowRankLinear.apply(x, w, null, updates(x, w, b, a, Tensor.ones(4, 1))), "b (3, r)");
        refused(() -> LowRankLinear.apply(x, w, null, updates(x, w, b, Tensor.ones(2, 4), b)), "(2, 4) and (3, 1)");
        refused(() -> LowRankLinear.apply(x, w, null, updates(x, w, b, null, b)), "null");
        refused(() -> LowRankLinear.apply(x, w, null, updates(x, w, b, a.to(DType.FLOAT64), b)), "FLOAT64");
    }

    private static void refused(Runnable call, String reason) {
        assertThatThrownBy(call::run).isInstanceOf(ShapeException.class).hasMessageContaining(reason);
    }
}
