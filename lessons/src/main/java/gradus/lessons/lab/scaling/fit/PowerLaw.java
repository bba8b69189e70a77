package gradus.lessons.lab.scaling.fit;

import static gradus.error.ConfigException.require;

import org.apache.commons.math3.stat.regression.SimpleRegression;

/// `y = scale·x^exponent`, by least squares on the logarithms of both. The interval of the exponent is that of
/// the slope of a straight line, by Student's distribution with n − 2 degrees of freedom: exact if the
/// logarithms of y scatter normally and equally. **Formula** Kaplan et al. 2020, arXiv:2001.08361, section 1.2:
/// `L(N) = (N_c/N)^α_N` has the exponent −α_N.
///
/// @param scale    y at x = 1
/// @param exponent with its interval; without one for two points
public record PowerLaw(double scale, Range exponent) {
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
        return new PowerLaw(Math.exp(line.getIntercept()), Range.around(line.getSlope(), half));
    }

    /// y at another x.
    public double at(double x) {
        return scale * Math.pow(x, exponent.value());
    }

    /// Where y is 1: N_c of `L = (N_c/N)^α`.
    public double one() {
        return Math.pow(scale, -1 / exponent.value());
    }
}
