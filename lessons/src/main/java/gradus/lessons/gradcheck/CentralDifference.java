package gradus.lessons.gradcheck;

import java.util.function.ToDoubleFunction;

/// A gradient without any derivative.
public final class CentralDifference {
    private CentralDifference() {}

    /// The gradient of f at x by central differences: element i is
    ///
    /// `(f(x₁, …, xᵢ + h, …, xₙ) − f(x₁, …, xᵢ − h, …, xₙ)) / 2h`.
    ///
    /// Only one element is moved at a time, all others are as in x. Afterwards x holds exactly the numbers
    /// that it held before: adding h and taking it away again may change the last digit.
    ///
    /// @param f may be called as often as you like; it keeps nothing and changes nothing
    /// @return as many numbers as x has
    public static double[] gradient(ToDoubleFunction<double[]> f, double[] x, double h) {
        // --- your answer
        double[] gradient = new double[x.length];
        double[] moved = x.clone();
        for (int i = 0; i < x.length; i++) {
            moved[i] = x[i] + h;
            double above = f.applyAsDouble(moved);
            moved[i] = x[i] - h;
            double below = f.applyAsDouble(moved);
            moved[i] = x[i];
            gradient[i] = (above - below) / (2 * h);
        }
        return gradient;
        // ---
    }
}
