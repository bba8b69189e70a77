package gradus.lessons.lab.fit;

import java.util.Arrays;

/// The minimum of a smooth function near a start, by the method of Broyden, Fletcher, Goldfarb and Shanno: steps along
/// `−H·gradient`, H an estimate of the inverse Hessian that each step betters, halved until the function falls
/// enough. Nocedal and Wright 2006, *Numerical Optimization*, algorithm 6.1.
final class Descent {
    private static final int STEPS = 400;
    private static final int HALVINGS = 40;
    private static final double ENOUGH = 1e-4;
    private static final double FLAT = 1e-9;

    private Descent() {}

    /// A function with its gradient.
    @FunctionalInterface
    interface Function {
        /// @param gradient is filled
        double at(double[] x, double[] gradient);
    }

    /// @return where the function is least; the start is left as it is
    static double[] from(double[] start, Function function) {
        int n = start.length;
        double[] x = start.clone();
        double[] gradient = new double[n];
        double value = function.at(x, gradient);
        double[][] inverse = unit(n);
        for (int step = 0; step < STEPS && norm(gradient) > FLAT; step++) {
            double[] direction = times(inverse, gradient, -1);
            double slope = dot(direction, gradient);
            if (!(slope < 0)) {
                inverse = unit(n);
                direction = times(inverse, gradient, -1);
                slope = dot(direction, gradient);
            }
            double[] next = new double[n];
            double[] nextGradient = new double[n];
            double nextValue = Double.NaN;
            double length = 1;
            boolean fell = false;
            for (int i = 0; i < HALVINGS && !fell; i++, length /= 2) {
                for (int k = 0; k < n; k++) {
                    next[k] = x[k] + length * direction[k];
                }
                nextValue = function.at(next, nextGradient);
                fell = nextValue <= value + ENOUGH * length * slope; // false for NaN
            }
            if (!fell) {
                return x;
            }
            better(inverse, minus(next, x), minus(nextGradient, gradient));
            x = next;
            gradient = nextGradient;
            value = nextValue;
        }
        return x;
    }

    /// `H ← (I − ρsyᵀ)·H·(I − ρysᵀ) + ρssᵀ` with `ρ = 1/(yᵀs)`, where that is above 0.
    private static void better(double[][] inverse, double[] s, double[] y) {
        double product = dot(s, y);
        if (product <= 1e-300) {
            return;
        }
        double[] hy = times(inverse, y, 1);
        double factor = (1 + dot(y, hy) / product) / product;
        for (int i = 0; i < s.length; i++) {
            for (int j = 0; j < s.length; j++) {
                inverse[i][j] += factor * s[i] * s[j] - (hy[i] * s[j] + s[i] * hy[j]) / product;
            }
        }
    }

    private static double[][] unit(int n) {
        double[][] unit = new double[n][n];
        for (int i = 0; i < n; i++) {
            unit[i][i] = 1;
        }
        return unit;
    }

    private static double[] times(double[][] matrix, double[] vector, double factor) {
        return Arrays.stream(matrix)
                .mapToDouble(row -> factor * dot(row, vector))
                .toArray();
    }

    private static double[] minus(double[] a, double[] b) {
        double[] difference = new double[a.length];
        Arrays.setAll(difference, i -> a[i] - b[i]);
        return difference;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static double norm(double[] vector) {
        return Math.sqrt(dot(vector, vector));
    }
}
