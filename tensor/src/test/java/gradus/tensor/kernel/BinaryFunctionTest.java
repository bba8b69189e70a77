package gradus.tensor.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.kernel.nd4j.Nd4jKernels;
import gradus.tensor.memory.Destination;
import gradus.tensor.type.DType;
import gradus.tensor.type.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BinaryFunctionTest {
    private static final float[] SPECIAL = {
        0, -0f, 1, -1, 2, -2, 0.5f, 3, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 1e30f, 1e-30f
    };

    /// Each with each: NaN, infinities and zeros of both signs, by both implementations and in both types, read row by
    /// row, along a row against a column, and against a single number.
    @ParameterizedTest
    @EnumSource
    void isTheEquationForSpecialNumbersToo(BinaryFunction f) {
        int n = SPECIAL.length;
        for (DType dtype : DType.values()) {
            List<Kernels> all = new ArrayList<>(
                    List.of(Kernels.of(Tensor.full(dtype, Shape.of(), 0).buffer())));
            if (dtype == DType.FLOAT32) {
                all.add(Nd4jKernels.get());
            }
            for (Kernels kernels : all) {
                try (var scope = Scope.open()) {
                    Tensor x = Tensor.of(SPECIAL, n).to(dtype);
                    Shape square = Shape.of(n, n);
                    Strided column = Strided.broadcast(Shape.of(n, 1), square);
                    Strided row = Strided.broadcast(Shape.of(1, n), square);
                    double[] y = run(kernels, f, x, column, x, row, square);
                    double[] accumulated = new double[n * n];
                    double[] left = new double[n * n];
                    double[] right = new double[n * n];
                    for (int i = 0; i < n * n; i++) {
                        left[i] = SPECIAL[i / n];
                        right[i] = SPECIAL[i % n];
                        accumulated[i] = equation(f, left[i], right[i]);
                    }
                    check(f, y, accumulated, dtype);
                    Tensor a = Tensor.of(left, n * n).to(dtype);
                    Tensor b = Tensor.of(right, n * n).to(dtype);
                    Strided all1 = Strided.contiguous(Shape.of(n * n));
                    check(f, run(kernels, f, a, all1, b, all1, Shape.of(n * n)), accumulated, dtype);
                    for (int i = 0; i < n; i++) {
                        Tensor one = Tensor.full(dtype, Shape.of(), SPECIAL[i]);
                        Strided repeated = Strided.broadcast(Shape.of(), Shape.of(n));
                        Strided line = Strided.contiguous(Shape.of(n));
                        double[] expected = Arrays.copyOfRange(accumulated, i * n, (i + 1) * n);
                        check(f, run(kernels, f, one, repeated, x, line, Shape.of(n)), expected, dtype);
                    }
                }
            }
        }
    }

    private static double[] run(
            Kernels kernels, BinaryFunction f, Tensor a, Strided walkA, Tensor b, Strided walkB, Shape shape) {
        Tensor y = Tensor.full(a.dtype(), shape, 7);
        kernels.pointwise().binary(f, a.buffer(), walkA, b.buffer(), walkB, new Destination(y.buffer(), false));
        return y.toArray();
    }

    private static double equation(BinaryFunction f, double a, double b) {
        return switch (f) {
            case ADD -> a + b;
            case SUBTRACT -> a - b;
            case MULTIPLY -> a * b;
            case DIVIDE -> a / b;
            case MAXIMUM -> Math.max(a, b);
            case MINIMUM -> Math.min(a, b);
            case POWER -> power(a, b);
            case EQUAL -> a == b ? 1 : 0;
            case LESS -> a < b ? 1 : 0;
            case LESS_OR_EQUAL -> a <= b ? 1 : 0;
            case KEEP_WHERE -> b != 0 ? a : -0.0;
        };
    }

    /// As C and IEEE 754 have it: Java leaves `1^NaN` and `(±1)^±∞` undefined, which are 1.
    private static double power(double a, double b) {
        return a == 1 || Math.abs(a) == 1 && Double.isInfinite(b) ? 1 : Math.pow(a, b);
    }

    /// Four roundings of the type, for a power; the others are exact, or a rounding. Zeros of either sign are equal.
    private static void check(BinaryFunction f, double[] actual, double[] exact, DType dtype) {
        double rounding = dtype == DType.FLOAT32 ? 0x1p-22 : 0x1p-50;
        for (int i = 0; i < exact.length; i++) {
            double expected = dtype == DType.FLOAT32 ? (float) exact[i] : exact[i];
            boolean same = actual[i] == expected
                    || Double.isNaN(actual[i]) && Double.isNaN(expected)
                    || Math.abs(actual[i] - expected) <= rounding * Math.abs(expected) && Double.isFinite(expected)
                    // ND4J may flush what lies below the smallest normal number
                    || Math.abs(expected) < 0x1p-126 && actual[i] == 0;
            assertThat(same)
                    .as("%s %s, pair %d: expected %s, got %s", f, dtype, i, expected, actual[i])
                    .isTrue();
        }
    }
}
