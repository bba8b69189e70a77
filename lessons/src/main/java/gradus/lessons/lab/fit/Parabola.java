package gradus.lessons.lab.fit;

import static gradus.error.ConfigException.require;

import gradus.lessons.regression.LinearSolve;
import java.util.Arrays;

/// `y = lowest + curvature·(ln x − ln vertex)²` by least squares: how the loss at equal compute depends on the
/// size. Hoffmann et al. 2022, arXiv:2203.15556, section 3.2.
///
/// @param vertex    the x with the smallest y
/// @param lowest    y there
/// @param curvature above 0 where the vertex is a minimum
/// @param inside    whether the vertex lies among the points, so that it was measured and not guessed
public record Parabola(double vertex, double lowest, double curvature, boolean inside) {
    private static final int TERMS = 3;

    /// @param x at least three different numbers above 0
    /// @throws gradus.error.ConfigException if there are fewer points
    public static Parabola of(double[] x, double[] y) {
        require(Arrays.stream(x).distinct().count() >= TERMS, "a parabola needs three points; got %d", x.length);
        double[] logs = Arrays.stream(x).map(Math::log).toArray();
        double middle = Arrays.stream(logs).average().orElseThrow();
        double[][] system = new double[TERMS][TERMS];
        double[] right = new double[TERMS];
        for (int i = 0; i < x.length; i++) {
            double log = logs[i] - middle;
            double[] powers = {1, log, log * log};
            for (int row = 0; row < TERMS; row++) {
                for (int column = 0; column < TERMS; column++) {
                    system[row][column] += powers[row] * powers[column];
                }
                right[row] += powers[row] * y[i];
            }
        }
        double[] terms = LinearSolve.solve(system, right);
        double at = -terms[1] / (2 * terms[2]) + middle;
        boolean inside = terms[2] > 0
                && at >= Arrays.stream(logs).min().orElseThrow()
                && at <= Arrays.stream(logs).max().orElseThrow();
        return new Parabola(Math.exp(at), terms[0] - terms[1] * terms[1] / (4 * terms[2]), terms[2], inside);
    }

    /// y at another x.
    public double at(double x) {
        double log = Math.log(x / vertex);
        return lowest + curvature * log * log;
    }
}
