package org.example.device;

import static org.example.device.Heap.get;
import static org.example.device.Heap.place;
import static org.example.device.Heap.put;

import gradus.tensor.kernel.BinaryFunction;
import gradus.tensor.kernel.PointwiseKernels;
import gradus.tensor.kernel.Strided;
import gradus.tensor.kernel.UnaryFunction;
import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.Destination;

final class HeapPointwise implements PointwiseKernels {
    @Override
    public void fill(Buffer y, double value) {
        for (int i = 0; i < y.length(); i++) {
            put(y, i, value);
        }
    }

    @Override
    public void affine(Buffer x, double scale, double shift, Destination y) {
        for (int i = 0; y != null && i < x.length(); i++) {
            put(y, i, scale * get(x, i) + shift);
        }
    }

    @Override
    public void unary(UnaryFunction f, Buffer x, Buffer y) {
        for (int i = 0; i < x.length(); i++) {
            put(y, i, value(f, get(x, i)));
        }
    }

    @Override
    public void unaryBackward(UnaryFunction f, Buffer x, Buffer y, Buffer dy, Destination dx) {
        for (int i = 0; dx != null && i < x.length(); i++) {
            put(dx, i, get(dy, i) * slope(f, get(x, i), get(y, i)));
        }
    }

    @Override
    public void binary(BinaryFunction f, Buffer a, Strided walkA, Buffer b, Strided walkB, Destination y) {
        for (int i = 0; y != null && i < walkA.size(); i++) {
            put(y, i, value(f, get(a, place(walkA, i)), get(b, place(walkB, i))));
        }
    }

    private static double value(BinaryFunction f, double a, double b) {
        return switch (f) {
            case ADD -> a + b;
            case SUBTRACT -> a - b;
            case MULTIPLY -> a * b;
            case DIVIDE -> a / b;
            case MAXIMUM -> Math.max(a, b);
            case MINIMUM -> Math.min(a, b);
            case POWER -> Math.pow(a, b);
            case EQUAL -> a == b ? 1 : 0;
            case LESS -> a < b ? 1 : 0;
            case LESS_OR_EQUAL -> a <= b ? 1 : 0;
            case KEEP_WHERE -> b != 0 ? a : -0.0;
        };
    }

    private static double value(UnaryFunction f, double x) {
        return switch (f) {
            case EXP -> Math.exp(x);
            case LOG -> Math.log(x);
            case SQRT -> Math.sqrt(x);
            case SQUARE -> x * x;
            case RECIPROCAL -> 1 / x;
            case RSQRT -> 1 / Math.sqrt(x);
            case ABS -> Math.abs(x);
            case SIGN -> Math.signum(x);
            case EXPM1 -> Math.expm1(x);
            case LOG1P -> Math.log1p(x);
            case SIN -> Math.sin(x);
            case COS -> Math.cos(x);
            case TANH -> Math.tanh(x);
            case SIGMOID -> sigmoid(x);
            case RELU -> Math.max(x, 0);
            case GELU -> x * normal(x);
            case GELU_TANH -> x * sigmoid(2 * inner(x));
            case SILU -> x * sigmoid(x);
        };
    }

    private static double slope(UnaryFunction f, double x, double y) {
        return switch (f) {
            case EXP -> y;
            case LOG -> 1 / x;
            case SQRT -> 0.5 / y;
            case SQUARE -> 2 * x;
            case RECIPROCAL -> -y * y;
            case RSQRT -> -0.5 * y * y * y;
            case ABS -> Math.signum(x);
            case SIGN -> 0;
            case EXPM1 -> Math.exp(x);
            case LOG1P -> 1 / (1 + x);
            case SIN -> Math.cos(x);
            case COS -> -Math.sin(x);
            case TANH -> 1 - y * y;
            case SIGMOID -> y * (1 - y);
            case RELU -> x > 0 ? 1 : 0;
            case GELU -> normal(x) + x * Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
            case GELU_TANH -> {
                double s = sigmoid(2 * inner(x));
                yield s + x * s * (1 - s) * 2 * Math.sqrt(2 / Math.PI) * (1 + 3 * 0.044715 * x * x);
            }
            case SILU -> sigmoid(x) * (1 + x * (1 - sigmoid(x)));
        };
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    private static double inner(double x) {
        return Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x);
    }

    /// Φ by its Taylor series about 0, whose terms shrink from the x²/2-th on: for the arguments of a test.
    private static double normal(double x) {
        double term = x;
        double sum = x;
        for (int n = 1; n < 200; n++) {
            term *= x * x / (2 * n + 1);
            sum += term;
        }
        return 0.5 + sum * Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
    }
}
