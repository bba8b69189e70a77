package gradus.tensor.kernel.nd4j;

import static gradus.tensor.Near.ROUNDING;
import static gradus.tensor.Near.assertNear;
import static gradus.tensor.Near.largest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import gradus.tensor.Draw;
import gradus.tensor.Tensor;
import gradus.tensor.kernel.AdamWStep;
import gradus.tensor.kernel.AttentionKernels.AttentionInput;
import gradus.tensor.kernel.AttentionKernels.AttentionOutput;
import gradus.tensor.kernel.AttentionKernels.AttentionShape;
import gradus.tensor.kernel.AttentionKernels.Heads;
import gradus.tensor.kernel.Kernels;
import gradus.tensor.kernel.NormKernels.Norm;
import gradus.tensor.kernel.OptimizerKernels.AdamWUpdate;
import gradus.tensor.mask.KeyMask;
import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.BufferPool;
import gradus.tensor.memory.HostMemory;
import gradus.tensor.type.DType;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/// What kernels do that no operation shows: the values they keep for a backward, and the optimiser.
class Nd4jKernelsTest {
    private final Kernels kernels = Nd4jKernels.get();

    @Property
    void adamWIsTheLoop(
            @ForAll @IntRange(min = 1, max = 40) int n, @ForAll @IntRange(min = 1, max = 50) int t, @ForAll long seed) {
        double[] theta = Draw.normal(seed, n).toArray();
        double[] g = Draw.normal(seed + 1, n).toArray();
        double[] m = Draw.normal(seed + 2, n).toArray();
        double[] v = Draw.positive(seed + 3, n).toArray();
        double terms = 1 + largest(theta) + largest(g) + largest(m); // of sums that may cancel
        Buffer[] buffers = {buffer(theta), buffer(g), buffer(m), buffer(v)};
        AdamWStep step = new AdamWStep(0.01, 0.9, 0.99, 1e-8, 0.1, t);
        kernels.optimizers().adamW(List.of(new AdamWUpdate(step, buffers[0], buffers[1], buffers[2], buffers[3])));
        for (int i = 0; i < n; i++) {
            m[i] = 0.9 * m[i] + 0.1 * g[i];
            v[i] = 0.99 * v[i] + 0.01 * g[i] * g[i];
            double mHat = m[i] / (1 - Math.pow(0.9, t));
            double vHat = v[i] / (1 - Math.pow(0.99, t));
            theta[i] = theta[i] * (1 - 0.01 * 0.1) - 0.01 * mHat / (Math.sqrt(vHat) + 1e-8);
        }
        assertNear(buffers[0].toDoubles(), theta, ROUNDING, terms);
        assertNear(buffers[2].toDoubles(), m, ROUNDING, terms);
        assertNear(buffers[3].toDoubles(), v, ROUNDING);
        assertThat(buffers[1].toDoubles()).isEqualTo(g);
    }

    /// On either implementation: the first step is -lr·sign(g), and a gradient of 0 leaves only the decay.
    @Test
    void theFirstAdamWStepIsTheSignOfTheGradient() { // BAD-INPUT 186
        for (DType dtype : DType.values()) {
            Tensor theta = Tensor.of(new double[] {1, 1, 1}, 3).to(dtype);
            Tensor g = Tensor.of(new double[] {1e-3, -5, 0}, 3).to(dtype);
            Tensor m = Tensor.full(dtype, theta.shape(), 0);
            Tensor v = Tensor.full(dtype, theta.shape(), 0);
            AdamWStep step = new AdamWStep(0.1, 0.9, 0.999, 1e-12, 0.5, 1);
            Kernels.of(theta.buffer())
                    .optimizers()
                    .adamW(List.of(new AdamWUpdate(step, theta.buffer(), g.buffer(), m.buffer(), v.buffer())));
            double decayed = 1 - 0.1 * 0.5;
            assertNear(theta.toArray(), new double[] {decayed - 0.1, decayed + 0.1, decayed}, 1e-6);
        }
    }

    @Property
    void normsKeepMeanAndDeviation(
            @ForAll @IntRange(min = 1, max = 9) int rows,
            @ForAll @IntRange(min = 1, max = 40) int columns,
            @ForAll long seed) {
        double[] x = Draw.normal(seed, rows, columns).toArray();
        Buffer gain = buffer(Draw.normal(seed + 1, columns).toArray());
        Norm layer = new Norm(empty(rows * columns), empty(rows), empty(rows));
        Norm rms = new Norm(empty(rows * columns), null, empty(rows));
        kernels.norms().layerNorm(buffer(x), gain, gain, 0.01, rows, columns, layer);
        kernels.norms().rmsNorm(buffer(x), gain, 0.01, rows, columns, rms);
        for (int row = 0; row < rows; row++) {
            double mean = 0;
            double square = 0;
            for (int j = 0; j < columns; j++) {
                mean += x[row * columns + j] / columns;
                square += x[row * columns + j] * x[row * columns + j] / columns;
            }
            double variance = 0;
            for (int j = 0; j < columns; j++) {
                variance += Math.pow(x[row * columns + j] - mean, 2) / columns;
            }
            // Each of n additions rounds by 1.1e-16 of the largest, on either side; the variance is as exact beside
            // ε, since the deviations and not the squares are subtracted.
            assertThat(layer.mean().get(row)).isCloseTo(mean, within(2 * (columns + 1) * 1.2e-16 * largest(x)));
            double layerRstd = 1 / Math.sqrt(variance + 0.01);
            double rmsRstd = 1 / Math.sqrt(square + 0.01);
            assertThat(layer.rstd().get(row)).isCloseTo(layerRstd, within(1e-13 * layerRstd));
            assertThat(rms.rstd().get(row)).isCloseTo(rmsRstd, within(1e-13 * rmsRstd));
        }
    }

    /// The log-sum-exp by a loop, and what it is for: attention over two disjoint sets of keys merges into
    /// attention over all, `O = Σ exp(Lᵢ - L)·Oᵢ` with `L = logsumexp(Lᵢ)`.
    @Property
    void attentionKeepsALogSumExpThatMergesParts(
            @ForAll @IntRange(min = 1, max = 5) int time,
            @ForAll @IntRange(min = 2, max = 9) int keys,
            @ForAll long seed) {
        int d = 3;
        Buffer q = buffer(Draw.normal(seed, time, d).toArray());
        Buffer k = buffer(Draw.normal(seed + 1, keys, d).toArray());
        Buffer v = buffer(Draw.normal(seed + 2, keys, d).toArray());
        int cut = keys / 2;
        double[][] outs = new double[3][];
        double[][] sums = new double[3][];
        int[][] ranges = {{0, keys}, {0, cut}, {cut, keys}};
        for (int part = 0; part < 3; part++) {
            Buffer out = empty(time * d);
            Buffer lse = empty(time);
            KeyMask mask = range(ranges[part][0], ranges[part][1]);
            AttentionShape shape = new AttentionShape(1, time, keys, 1, 1, d, 0.7, mask);
            AttentionInput in = new AttentionInput(new Heads(q, 0, d, 0), new Heads(k, 0, d, 0), new Heads(v, 0, d, 0));
            kernels.attention().attention(shape, in, new AttentionOutput(out, lse));
            outs[part] = out.toDoubles();
            sums[part] = lse.toDoubles();
        }
        for (int i = 0; i < time; i++) {
            double sum = 0;
            for (int j = 0; j < keys; j++) {
                double dot = 0;
                for (int c = 0; c < d; c++) {
                    dot += q.get(i * d + c) * k.get(j * d + c);
                }
                sum += Math.exp(0.7 * dot);
            }
            // Logits below 0.7 · 3 · 20 to some 1e-14 each; outputs are means of values below 5.
            assertThat(sums[0][i]).isCloseTo(Math.log(sum), within(1e-12));
            for (int c = 0; c < d; c++) {
                double merged = Math.exp(sums[1][i] - sums[0][i]) * outs[1][i * d + c]
                        + Math.exp(sums[2][i] - sums[0][i]) * outs[2][i * d + c];
                assertThat(merged).isCloseTo(outs[0][i * d + c], within(1e-12));
            }
        }
    }

    @Test
    void aQueryWithoutKeysHasALogSumExpOfMinusInfinity() { // BAD-INPUT 36
        Buffer q = buffer(new double[] {1, 2});
        Buffer out = empty(2);
        Buffer lse = empty(1);
        Heads heads = new Heads(q, 0, 2, 2);
        AttentionShape shape = new AttentionShape(1, 1, 1, 1, 1, 2, 1, range(0, 0));
        kernels.attention().attention(shape, new AttentionInput(heads, heads, heads), new AttentionOutput(out, lse));
        assertThat(out.toDoubles()).containsOnly(0);
        assertThat(lse.get(0)).isEqualTo(Double.NEGATIVE_INFINITY);
    }

    @Test
    void squaresAreSummedInDoublePrecision() {
        for (DType dtype : DType.values()) {
            Tensor x = Tensor.full(dtype, gradus.tensor.type.Shape.of(1 << 20), 1e-3);
            double value = x.get(0);
            assertThat(Kernels.of(x.buffer()).reductions().sumOfSquares(x.buffer()))
                    .isCloseTo((1 << 20) * value * value, within(1e-10));
        }
    }

    private static KeyMask range(int first, int end) {
        return query -> query.sees(first, end);
    }

    private static Buffer buffer(double[] values) {
        Buffer buffer = empty(values.length);
        buffer.set(values);
        return buffer;
    }

    private static Buffer empty(int length) {
        return BufferPool.allocate(HostMemory.INSTANCE, DType.FLOAT64, length);
    }
}
