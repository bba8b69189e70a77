package gradus.layers.norm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.error.ShapeException;
import gradus.layers.LayerGradients;
import gradus.tensor.Autograd;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import java.util.Arrays;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class BatchNormTest {
    private static final double EPS = 1e-5;
    private Rng rng = Rng.of(12); // drawn anew in each try
    /// 1/√ε = 316 times the rounding of double, in two passes over the rows.
    private static final double ROUNDING = 1e-11;

    private BatchNorm scaled(BatchNorm norm, int dim) {
        norm.to(DType.FLOAT64);
        norm.namedParameters().get("weight").copyFrom(normal("gain", dim));
        norm.namedParameters().get("bias").copyFrom(normal("bias", dim));
        return norm;
    }

    private BatchNorm norm(int dim) {
        return scaled(new BatchNorm(dim, EPS, 0.1), dim);
    }

    private Tensor normal(String name, int... dims) {
        return Tensor.randn(rng.at(name), dims).to(DType.FLOAT64);
    }

    /// Training, its running statistics, and evaluation with them, over two batches.
    @Property(tries = 200)
    void equalsTheLoop(
            @ForAll @IntRange(min = 2, max = 5) int batch,
            @ForAll @IntRange(min = 1, max = 3) int time,
            @ForAll @IntRange(min = 1, max = 17) int dim,
            @ForAll boolean cumulative,
            @ForAll long seed) {
        rng = Rng.of(seed);
        BatchNorm norm = cumulative ? scaled(BatchNorm.cumulative(dim, EPS), dim) : norm(dim);
        double[] gain = norm.state().get("weight").toArray();
        double[] bias = norm.state().get("bias").toArray();
        double[] runningMean = new double[dim];
        double[] runningVariance = new double[dim];
        Arrays.fill(runningVariance, 1);
        int n = batch * time;
        for (int step = 1; step <= 2; step++) {
            Tensor input =
                    time == 1 ? normal("x" + step, batch, dim) : normal("x" + step, batch, time, dim); // (B, [T,] C)
            double[] x = input.toArray();
            double[] expected = new double[x.length];
            double m = cumulative ? 1.0 / step : 0.1;
            for (int c = 0; c < dim; c++) {
                double mean = 0;
                double squares = 0;
                for (int i = c; i < x.length; i += dim) {
                    mean += x[i] / n;
                }
                for (int i = c; i < x.length; i += dim) {
                    squares += (x[i] - mean) * (x[i] - mean);
                }
                for (int i = c; i < x.length; i += dim) {
                    expected[i] = gain[c] * (x[i] - mean) / Math.sqrt(squares / n + EPS) + bias[c];
                }
                runningMean[c] += m * (mean - runningMean[c]);
                runningVariance[c] += m * (squares / (n - 1) - runningVariance[c]);
            }
            assertThat(norm.forward(input).toArray()).containsExactly(expected, within(ROUNDING));
        }
        assertThat(norm.state().get("running_mean").toArray()).containsExactly(runningMean, within(1e-14));
        assertThat(norm.state().get("running_var").toArray()).containsExactly(runningVariance, within(1e-13));
        assertThat(norm.state().get("num_batches_tracked").item()).isEqualTo(2);
        norm.eval();
        Tensor one = normal("one", 1, dim);
        Tensor y = norm.forward(one);
        for (int c = 0; c < dim; c++) {
            double expected =
                    (one.get(0, c) - runningMean[c]) / Math.sqrt(runningVariance[c] + EPS) * gain[c] + bias[c];
            assertThat(y.get(0, c)).isCloseTo(expected, within(1e-12));
        }
        assertThat(norm.state().get("num_batches_tracked").item()).isEqualTo(2);
    }

    @Property(tries = 200)
    void forgetsShiftAndScaleOfEachChannel(
            @ForAll @IntRange(min = 2, max = 7) int rows,
            @ForAll @IntRange(min = 1, max = 17) int dim,
            @ForAll long seed) {
        rng = Rng.of(seed);
        double eps = 1e-14;
        BatchNorm norm = scaled(new BatchNorm(dim, eps, 0.1), dim);
        Tensor x = normal("x", rows, dim);
        Tensor scale = normal("scale", dim).abs().add(0.5);
        Tensor moved = x.mul(scale).add(normal("shift", dim));
        double[] y = norm.forward(x).toArray();
        double[] again = norm.forward(moved).toArray();
        double[] gain = norm.state().get("weight").toArray();
        double largest = moved.abs().max().item();
        for (int c = 0; c < dim; c++) {
            double mean = 0;
            double variance = 0;
            for (int r = 0; r < rows; r++) {
                mean += x.get(r, c) / rows;
            }
            for (int r = 0; r < rows; r++) {
                variance += Math.pow(x.get(r, c) - mean, 2) / rows;
            }
            // ε counts beside the variance, which the scale of at least ½ makes a quarter; and where rows lie close
            // together, their difference keeps the roundings of the numbers themselves.
            double allowed = Math.abs(gain[c])
                            * Math.sqrt(rows)
                            * (2 * eps / variance + 64 * 0x1p-53 * (1 + largest) / Math.sqrt(variance))
                    + 1e-14;
            for (int r = 0; r < rows; r++) {
                assertThat(again[r * dim + c]).isCloseTo(y[r * dim + c], within(allowed));
            }
        }
    }

    /// The gradient of a channel has no part along 1, and along x̂ only what ε leaves:
    /// `Σ dx = 0` and `Σ dx·x̂ = Σ dy·x̂·ε/(σ² + ε)^1.5`.
    @Property(tries = 200)
    void theGradientHasNoPartAlongShiftAndScale(@ForAll @IntRange(min = 2, max = 7) int rows, @ForAll long seed) {
        BatchNorm norm = new BatchNorm(1, EPS, 0.1);
        norm.to(DType.FLOAT64);
        Tensor x = Tensor.randn(Rng.of(seed), rows, 1).to(DType.FLOAT64).requireGrad();
        Tensor dy = normal("dy", rows, 1);
        Tensor y = norm.forward(x);
        y.backward(dy);
        double variance =
                x.detach().sub(x.detach().mean().item()).square().mean().item();
        double along = dy.mul(y.detach()).sum().item() * EPS / Math.pow(variance + EPS, 1.5);
        double steepest = 1 / Math.sqrt(variance + EPS); // how large dx may be
        assertThat(x.grad().sum().item()).isCloseTo(0, within(1e-12 * steepest));
        assertThat(x.grad().mul(y.detach()).sum().item()).isCloseTo(along, within(1e-11 * steepest));
    }

    @Test
    void evaluationDiffersFromTrainingByTheUnbiasedFactorOnly() {
        BatchNorm norm = new BatchNorm(3, 1e-12, 0.5);
        norm.to(DType.FLOAT64);
        Tensor x = normal("x", 4, 3);
        Tensor trained = norm.forward(x);
        for (int i = 0; i < 50; i++) {
            norm.forward(x); // 2⁻⁵⁰ of the start is left
        }
        norm.eval();
        assertThat(norm.forward(x).mul(Math.sqrt(4.0 / 3)).toArray()).containsExactly(trained.toArray(), within(1e-9));
    }

    @Test
    void remembersOnlyPassesThatCount() {
        BatchNorm norm = norm(3);
        Tensor x = normal("x", 4, 3);
        try (var pause = Autograd.noGrad()) {
            norm.forward(x);
        }
        LayerGradients.requireRight(norm, Map.of("x", x), () -> norm.forward(x));
        assertThat(norm.state().get("num_batches_tracked").item()).isZero();
        assertThat(norm.state().get("running_mean").toArray()).containsOnly(0);
        norm.freeze();
        norm.forward(x);
        assertThat(norm.state().get("num_batches_tracked").item()).isEqualTo(1);
    }

    @Test
    void gradients() {
        BatchNorm norm = norm(3);
        Tensor x = normal("x", 2, 3, 3);
        LayerGradients.requireRight(norm, Map.of("x", x), () -> norm.forward(x));
        norm.forward(normal("seen", 5, 3));
        norm.eval();
        LayerGradients.requireRight(norm, Map.of("x", x), () -> norm.forward(x));
    }

    @Test
    void badInput() {
        for (double eps : new double[] {0, -1e-6, Double.NaN}) { // BAD-INPUT 26
            assertThatThrownBy(() -> new BatchNorm(4, eps, 0.1))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("eps must be above 0");
        }
        for (double momentum : new double[] {0, 1.1, Double.NaN}) {
            assertThatThrownBy(() -> new BatchNorm(4, EPS, momentum))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("momentum must be in (0, 1]");
        }
        assertThatThrownBy(() -> new BatchNorm(0, EPS, 0.1)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> norm(4).forward(normal("x", 2, 5)))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("x must be (B, 4) or (B, T, 4); got (2, 5)");
        assertThatThrownBy(() -> norm(4).forward(normal("x", 1, 4)))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("at least 2 values");
    }
}
