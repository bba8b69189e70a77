package gradus.lessons.lab.fit;

import static gradus.error.ConfigException.require;

import java.util.Arrays;
import org.apache.commons.math3.distribution.TDistribution;
import org.apache.commons.math3.stat.regression.SimpleRegression;

/// `y = scale·x^exponent`, by least squares on the logarithms of both. The interval of the exponent is that of
/// the slope of a straight line, by Student's distribution with n − 2 degrees of freedom: exact if the
/// logarithms of y scatter normally and equally. **Formula** Kaplan et al. 2020, arXiv:2001.08361, section 1.2:
/// `L(N) = (N_c/N)^α_N` has the exponent −α_N.
///
/// @param scale    y at x = 1
/// @param exponent with its interval; without one for two points
/// @param middle   the mean of ln x
/// @param spread   the sum of squares of ln x around it
/// @param scatter  s, by which ln y misses the line; NaN for two points
/// @param points   n
public record PowerLaw(double scale, Range exponent, double middle, double spread, double scatter, int points) {
    private static final double LEVEL = 0.05;

    /// @param x above 0, not all the same
    /// @param y above 0
    /// @throws gradus.error.ConfigException if there are fewer than two points, or one is not above 0
    public static PowerLaw of(double[] x, double[] y) {
        require(x.length == y.length && x.length >= 2, "a line needs two points; got %d and %d", x.length, y.length);
        SimpleRegression line = new SimpleRegression();
        for (int i = 0; i < x.length; i++) {
            require(x[i] > 0 && y[i] > 0, "a power law needs numbers above 0; got %s and %s", x[i], y[i]);
            line.addData(Math.log(x[i]), Math.log(y[i]));
        }
        double half = x.length < 3 ? Double.NaN : line.getSlopeConfidenceInterval(LEVEL);
        double middle = Arrays.stream(x).map(Math::log).average().orElseThrow();
        return new PowerLaw(
                Math.exp(line.getIntercept()),
                Range.around(line.getSlope(), half),
                middle,
                line.getXSumSquares(),
                Math.sqrt(line.getMeanSquareError()),
                x.length);
    }

    /// y at another x.
    public double at(double x) {
        return scale * Math.pow(x, exponent.value());
    }

    /// y at another x, with the interval in which a new point lies in 95 % of cases: in the logarithm
    /// `± t·s·√(1 + 1/n + (ln x − middle)²/spread)`.
    public Range foretold(double x) {
        double value = at(x);
        if (points < 3) {
            return Range.around(value, Double.NaN);
        }
        double away = Math.log(x) - middle;
        double t = new TDistribution(points - 2.0).inverseCumulativeProbability(1 - LEVEL / 2);
        double half = t * scatter * Math.sqrt(1 + 1.0 / points + away * away / spread);
        return new Range(value * Math.exp(-half), value, value * Math.exp(half));
    }

    /// Where y is 1: N_c of `L = (N_c/N)^α`.
    public double one() {
        return Math.pow(scale, -1 / exponent.value());
    }
}
