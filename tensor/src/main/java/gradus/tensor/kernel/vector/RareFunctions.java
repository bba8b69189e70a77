package gradus.tensor.kernel.vector;

import static gradus.tensor.kernel.vector.Lanes.get;
import static gradus.tensor.kernel.vector.Lanes.set;

import gradus.tensor.kernel.BinaryFunction;
import gradus.tensor.kernel.UnaryFunction;

/// Functions that training seldom needs: one element after the other, computed in double and rounded once. By
/// StrictMath where Math may give other bits once it is compiled.
final class RareFunctions {
    private RareFunctions() {}

    static void unary(UnaryFunction f, long x, long y, long from, long to) {
        for (long i = from; i < to; i += 4) {
            set(y + i, (float) value(f, get(x + i)));
        }
    }

    private static double value(UnaryFunction f, double x) {
        return switch (f) {
            case RSQRT -> 1 / Math.sqrt(x);
            case SIGN -> x > 0 ? 1 : x < 0 ? -1 : 0;
            case EXPM1 -> StrictMath.expm1(x);
            case LOG1P -> StrictMath.log1p(x);
            case SIN -> StrictMath.sin(x);
            case COS -> StrictMath.cos(x);
            default -> throw new IllegalArgumentException(f.name());
        };
    }

    static void unaryBackward(UnaryFunction f, long x, long dy, long dx, boolean accumulate, long from, long to) {
        for (long i = from; i < to; i += 4) {
            float slope = (float) (get(dy + i) * derivative(f, get(x + i)));
            set(dx + i, accumulate ? get(dx + i) + slope : slope);
        }
    }

    private static double derivative(UnaryFunction f, double x) {
        return switch (f) {
            case RSQRT -> -0.5 / (x * Math.sqrt(x));
            case SIGN -> 0;
            case EXPM1 -> StrictMath.exp(x);
            case LOG1P -> 1 / (1 + x);
            case SIN -> StrictMath.cos(x);
            case COS -> -StrictMath.sin(x);
            default -> throw new IllegalArgumentException(f.name());
        };
    }

    static void binary(BinaryFunction f, long a, int strideA, long b, int strideB, long y, int n, boolean accumulate) {
        for (int i = 0; i < n; i++) {
            float value = value(f, get(a + 4L * i * strideA), get(b + 4L * i * strideB));
            set(y + 4L * i, accumulate ? get(y + 4L * i) + value : value);
        }
    }

    private static float value(BinaryFunction f, float a, float b) {
        return switch (f) {
            case MAXIMUM -> Math.max(a, b);
            case MINIMUM -> Math.min(a, b);
            case POWER -> (float) power(a, b);
            case EQUAL -> a == b ? 1 : 0;
            case LESS -> a < b ? 1 : 0;
            case LESS_OR_EQUAL -> a <= b ? 1 : 0;
            case KEEP_WHERE -> b != 0 ? a : -0f;
            default -> throw new IllegalArgumentException(f.name());
        };
    }

    /// As C and IEEE 754 have it: Java alone calls `1^NaN` and `(±1)^±∞` NaN.
    private static double power(double a, double b) {
        return a == 1 || Math.abs(a) == 1 && Double.isInfinite(b) ? 1 : StrictMath.pow(a, b);
    }
}
