package gradus.tensor.op;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.kernel.AdamWStep;
import gradus.tensor.kernel.Gate;
import gradus.tensor.kernel.Kernels;
import gradus.tensor.kernel.OptimizerKernels.AdamWUpdate;
import gradus.tensor.kernel.UnaryFunction;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import gradus.tensor.type.Indices;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// float32 away from where standard normal numbers lie: subnormal and huge arguments, kinks, saturation, and
/// an ε as large as what it stands beside. The oracle is float64 on the same numbers, rounded at the end.
class Float32EdgesTest {
    /// Four roundings of float32: what a polynomial of an elementary function and its scaling leave.
    private static final double RELATIVE = 4 * 0x1p-23;

    /// Below the smallest normal number a result may have lost all its digits, or be flushed to 0; exponentials
    /// do not go below it, and are multiplied with the argument and a gate's other side, at most 7.
    private static final double NORMAL = 0x1p-126;

    /// Every power of ten from subnormal to huge and some between, of both signs, with zeros of both signs;
    /// more than a vector register holds and no multiple of one, so that the last ones go another way.
    private static float[] arguments() {
        List<Float> all = new ArrayList<>(List.of(0f, -0f, Float.MIN_VALUE, -Float.MIN_VALUE, 0x1p-126f, -0x1p-126f));
        for (int power = -44; power <= 38; power++) {
            for (double digit : new double[] {1, 3.3}) {
                float x = (float) (digit * Math.pow(10, power));
                if (Float.isFinite(x)) {
                    all.add(x);
                    all.add(-x);
                }
            }
        }
        for (float x = -110; x <= 110; x += 0.83f) {
            all.add(x);
        }
        float[] values = new float[all.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = all.get(i);
        }
        return values;
    }

    @ParameterizedTest
    @EnumSource
    void t5_functionsAndDerivativesFarFromOne(UnaryFunction f) {
        for (float[] x : new float[][] {arguments(), {0f}, {-0f}, {1e-42f}, {-1e30f}}) {
            try (var scope = Scope.open()) {
                Tensor narrow = Tensor.of(x, x.length).requireGrad();
                Tensor y = Pointwise.apply(f, narrow);
                y.backward(Tensor.ones(x.length));
                for (int i = 0; i < x.length; i++) {
                    String what = f + "(" + x[i] + ")";
                    assertRounded(what, y.get(i), value(f, x[i]), x[i], 0);
                    double slope = derivative(f, x[i]);
                    assertRounded(what + "'", narrow.grad().get(i), slope, x[i], slopeRounding(f, x[i]));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void t5_gatesFarFromOne(Gate gate) {
        float[] a = arguments();
        float[] b = new float[a.length];
        for (int i = 0; i < b.length; i++) {
            b[i] = (i % 3 - 1) * (0.5f + i % 7);
        }
        Tensor left = Tensor.of(a, a.length).requireGrad();
        Tensor right = Tensor.of(b, b.length).requireGrad();
        Tensor y = Gated.apply(gate, left, right);
        y.backward(Tensor.ones(a.length));
        UnaryFunction f = gate.function();
        for (int i = 0; i < a.length; i++) {
            String what = gate + "(" + a[i] + ", " + b[i] + ")";
            double rounding = Math.abs(b[i]) * slopeRounding(f, a[i]);
            assertRounded(what, y.get(i), value(f, a[i]) * b[i], a[i], 0);
            assertRounded(what + " by a", left.grad().get(i), derivative(f, a[i]) * b[i], a[i], rounding);
            assertRounded(what + " by b", right.grad().get(i), value(f, a[i]), a[i], 0);
        }
    }

    /// The function in float64; Java's own, as ND4J's is good to 1e-16 of 1 only.
    private static double value(UnaryFunction f, double x) {
        return f == UnaryFunction.GELU
                ? x * normalDistribution(x)
                : PointwiseTest.oracle(f).applyAsDouble(x);
    }

    /// Φ, whose far left tail is `φ(x)/(|x| + 1/(|x| + 2/(|x| + …)))`, Abramowitz & Stegun 26.2.14.
    private static double normalDistribution(double x) {
        if (Math.abs(x) <= 10) {
            return PointwiseTest.normalDistribution(x);
        }
        double fraction = Math.abs(x);
        for (int k = 100; k > 0; k--) {
            fraction = Math.abs(x) + k / fraction;
        }
        double tail = Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI) / fraction;
        return x < 0 ? tail : 1 - tail;
    }

    private static double derivative(UnaryFunction f, double x) {
        double y = value(f, x);
        return switch (f) {
            case EXP -> y;
            case LOG -> 1 / x;
            case SQRT -> 0.5 / y;
            case SQUARE -> 2 * x;
            case RECIPROCAL -> -y * y;
            case RSQRT -> -0.5 / (x * Math.sqrt(x));
            case ABS -> Math.signum(x);
            case SIGN -> 0;
            case EXPM1 -> Math.exp(x);
            case LOG1P -> 1 / (1 + x);
            case SIN -> Math.cos(x);
            case COS -> -Math.sin(x);
            case TANH -> 1 / (Math.cosh(x) * Math.cosh(x));
            case SIGMOID -> sigmoid(x) * sigmoid(-x);
            case RELU -> x > 0 ? 1 : 0;
            case GELU -> {
                yield normalDistribution(x) + x * Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
            }
            case GELU_TANH -> {
                double slope = 2 * Math.sqrt(2 / Math.PI);
                double u = slope * (x + 0.044715 * x * x * x);
                double bend = x * slope * (1 + 0.134145 * x * x);
                yield sigmoid(u) + (Math.abs(u) > 700 ? 0 : sigmoid(u) * sigmoid(-u) * bend);
            }
            case SILU -> sigmoid(x) + (Math.abs(x) > 700 ? 0 : x * sigmoid(x) * sigmoid(-x));
        };
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    /// A derivative made of the rounded result, as 1 - y² and y(1 - y), or of two terms that cancel, keeps the
    /// roundings of 1 and of those terms: two units of y, doubled by its square. PyTorch's do the same.
    private static double slopeRounding(UnaryFunction f, double x) {
        return switch (f) {
            case TANH, SIGMOID -> 0x1p-21;
            case GELU, GELU_TANH, SILU -> 0x1p-22 * (1 + Math.min(Math.abs(x), 10));
            default -> 0;
        };
    }

    /// Equal up to rounding, where a rounding of the argument counts as often as the function's steepness asks
    /// for: that of exp(x) x times, of a tail like exp(-x²/2) x² times.
    private static void assertRounded(String what, double actual, double exact, double x, double rounding) {
        double rounded = (float) exact;
        if (Double.isNaN(rounded)) {
            assertThat(actual).as(what).isNaN();
            return;
        }
        if (Double.isInfinite(rounded) || Math.abs(exact) > 0.999 * Float.MAX_VALUE) {
            assertThat(Math.abs(actual)).as(what).isGreaterThan(0.99 * Float.MAX_VALUE);
            assertThat(Math.signum(actual)).as(what).isEqualTo(Math.signum(exact));
            return;
        }
        double steepness = 1 + Math.min(x * x, 2e4) / 4;
        double allowed = RELATIVE * steepness * Math.abs(exact) + 32 * NORMAL * (1 + Math.abs(x)) + rounding;
        assertThat(Math.abs(actual - exact))
                .as("%s: expected %s, got %s", what, exact, actual)
                .isLessThanOrEqualTo(allowed);
    }

    /// Kinks have the derivative that PyTorch gives them, of both zeros.
    @Test
    void t5_kinksAtBothZeros() {
        for (DType dtype : DType.values()) {
            for (int n : new int[] {2, 34}) {
                Tensor x = Tensor.of(new float[n], n).to(dtype);
                double[] zeros = x.toArray();
                for (int i = 1; i < n; i += 2) {
                    zeros[i] = -0.0;
                }
                x.set(zeros).requireGrad();
                x.relu().sum().backward();
                x.abs().sum().backward();
                Gated.apply(Gate.RELU, x, x.detach().add(1)).sum().backward();
                assertThat(x.grad().toArray()).containsOnly(0);
            }
        }
    }

    /// ε beside √v from far below to far above: Adam's step is rate·m̂/(√v̂ + ε), and so everything between
    /// sign and gradient descent.
    @Test
    void t5_adamWWhereEpsilonIsAsLargeAsTheRootOfV() {
        int n = 37;
        for (double eps : new double[] {1e-8, 1e-4}) {
            for (int exponent = -16; exponent <= 2; exponent++) {
                for (int step : new int[] {1, 2, 1000}) {
                    double[] g = new double[n];
                    double[] p = new double[n];
                    double[] m = new double[n];
                    double[] v = new double[n];
                    for (int i = 0; i < n; i++) {
                        g[i] = (float) ((i % 2 == 0 ? 1 : -1) * (1 + i) * Math.pow(10, exponent));
                        p[i] = (float) (0.01 * (i - 18));
                        m[i] = (float) (0.3 * g[i]);
                        v[i] = (float) (0.7 * g[i] * g[i]);
                    }
                    Tensor[] state = new Tensor[4];
                    double[][] start = {p, g, m, v};
                    for (int k = 0; k < 4; k++) {
                        state[k] = Tensor.of(start[k], n).to(DType.FLOAT32);
                    }
                    AdamWStep settings = new AdamWStep(1e-2, 0.9, 0.99, eps, 0.1, step);
                    Kernels.of(DType.FLOAT32)
                            .optimizers()
                            .adamW(List.of(new AdamWUpdate(
                                    settings,
                                    state[0].buffer(),
                                    state[1].buffer(),
                                    state[2].buffer(),
                                    state[3].buffer())));
                    for (int i = 0; i < n; i++) {
                        double mi = 0.9 * m[i] + 0.1 * g[i];
                        double vi = 0.99 * v[i] + 0.01 * g[i] * g[i];
                        double update =
                                mi / (1 - Math.pow(0.9, step)) / (Math.sqrt(vi / (1 - Math.pow(0.99, step))) + eps);
                        double expected = p[i] * (1 - 1e-2 * 0.1) - 1e-2 * update;
                        // v of 1e-32 and less is near float32's smallest numbers, but no result depends on its digits
                        // then: ε is larger.
                        assertThat(state[0].get(i))
                                .as("ε %s, gradient %s, step %d", eps, g[i], step)
                                .isCloseTo(
                                        expected,
                                        org.assertj.core.api.Assertions.within(2e-7 * (0.2 + 0.01 * Math.abs(update))));
                    }
                }
            }
        }
    }

    /// A variance far below ε, beside it and far above.
    @Test
    void t5_normsWhereTheVarianceIsAsSmallAsEpsilon() {
        int n = 19;
        for (int exponent = -12; exponent <= 12; exponent++) {
            double size = Math.pow(10, exponent);
            Tensor x = Tensor.randn(Rng.of(exponent), 3, n).mul(size);
            Tensor gain = Tensor.rand(Rng.of(1), n).add(0.5);
            Tensor bias = Tensor.zeros(n);
            Tensor u = Tensor.randn(Rng.of(2), 3, n);
            for (boolean centred : new boolean[] {false, true}) {
                double[][] seen = new double[2][];
                double[][] slopes = new double[2][];
                for (DType dtype : DType.values()) {
                    Tensor input = x.to(dtype).requireGrad();
                    Tensor y = centred
                            ? input.layerNorm(gain.to(dtype), bias.to(dtype), 1e-5)
                            : input.rmsNorm(gain.to(dtype), 1e-5);
                    y.backward(u.to(dtype));
                    seen[dtype.ordinal()] = y.toArray();
                    slopes[dtype.ordinal()] = input.grad().toArray();
                }
                assertArraysAgree("norm of " + size, seen, 2e-6);
                assertArraysAgree(
                        "its gradient at " + size, slopes, 2e-5); // the gradient is a difference of larger terms
            }
        }
    }

    /// Logits far apart, huge and equal, in rows longer and shorter than a register.
    @Test
    void t5_softmaxesOfLogitsFarFromOne() {
        double[][] scalesAndShifts = {{1e-30, 0}, {1e-6, 3}, {1, 1e4}, {30, 0}, {1e3, -1e3}, {1e6, 0}, {1e30, 0}};
        for (int n : new int[] {1, 3, 16, 37}) {
            for (double[] how : scalesAndShifts) {
                Tensor x = Tensor.randn(Rng.of(n), 4, n).mul(how[0]).add(how[1]);
                Indices targets = Indices.of(0, n / 2, n - 1, -100);
                double[][] soft = new double[2][];
                double[][] losses = new double[2][];
                double[][] slopes = new double[2][];
                for (DType dtype : DType.values()) {
                    Tensor input = x.to(dtype).requireGrad();
                    Tensor rows = CrossEntropy.rows(input, targets, -100, 0.1);
                    rows.sum().backward();
                    soft[dtype.ordinal()] = input.softmax().toArray();
                    losses[dtype.ordinal()] = rows.toArray();
                    slopes[dtype.ordinal()] = input.grad().toArray();
                }
                String what = n + " logits of " + Arrays.toString(how);
                assertArraysAgree("softmax of " + what, soft, 1e-6);
                // A loss is a difference of logits, so it keeps what a float32 keeps of them.
                double largest = Math.max(1, x.abs().max().item());
                assertThat(losses[0].length).isEqualTo(4);
                for (int i = 0; i < 4; i++) {
                    assertThat(losses[DType.FLOAT32.ordinal()][i])
                            .as("loss of " + what)
                            .isCloseTo(
                                    losses[DType.FLOAT64.ordinal()][i],
                                    org.assertj.core.api.Assertions.within(4e-7 * largest));
                }
                double logSum = 4e-7 * Math.max(1, Math.min(largest, 1e7)); // exp(x - lse) with lse rounded
                assertArraysAgree("gradient of " + what, slopes, Math.max(2e-6, Math.min(logSum, 1)));
            }
        }
    }

    /// Within a tolerance of the largest.
    private static void assertArraysAgree(String what, double[][] byType, double tolerance) {
        double[] exact = byType[DType.FLOAT64.ordinal()];
        double[] actual = byType[DType.FLOAT32.ordinal()];
        double largest = Arrays.stream(exact).map(Math::abs).max().orElse(0);
        for (int i = 0; i < exact.length; i++) {
            assertThat(actual[i])
                    .as("%s: element %d", what, i)
                    .isCloseTo(exact[i], org.assertj.core.api.Assertions.within(tolerance * largest + NORMAL));
        }
    }
}
