package gradus.lessons.lab.fit;

import static gradus.error.ConfigException.require;

import java.util.function.DoubleUnaryOperator;
import org.apache.commons.math3.distribution.FDistribution;
import org.apache.commons.math3.stat.regression.SimpleRegression;

/// `y = floor + scale·x^(−exponent)` with a floor of at least 0, by least squares. For a given exponent the rest is
/// a straight line in `x^(−exponent)`; the exponent itself is searched. Its interval is that of the profile: all
/// exponents whose squared error exceeds the least one by no more than the factor `1 + F/(n − 3)`, F the 95 %
/// point of the F-distribution with 1 and n − 3 degrees of freedom. An end of the interval at an end of the
/// search, 0.01 or 2, means that the data do not bound it.
///
/// @param floor    what is left of y for a large x
/// @param scale    of the part that falls
/// @param exponent how fast it falls
/// @param error    the sum of squares
public record FlooredLaw(double floor, double scale, Range exponent, double error) {
    private static final double SLOWEST = 0.01;
    private static final double FASTEST = 2;
    private static final int STEPS = 2000;
    private static final int HALVINGS = 60;
    private static final int PARAMETERS = 3;
    private static final double LEVEL = 0.95;

    /// @throws gradus.error.ConfigException if there are fewer than four points
    public static FlooredLaw of(double[] x, double[] y) {
        require(x.length > PARAMETERS, "a law of three numbers needs four points; got %d", x.length);
        DoubleUnaryOperator error = exponent -> line(x, y, exponent).error;
        double step = (FASTEST - SLOWEST) / STEPS;
        double best = SLOWEST;
        for (int i = 1; i <= STEPS; i++) {
            double exponent = SLOWEST + i * step;
            best = error.applyAsDouble(exponent) < error.applyAsDouble(best) ? exponent : best;
        }
        best = least(error, Math.max(SLOWEST, best - step), Math.min(FASTEST, best + step));
        Line line = line(x, y, best);
        int freedom = x.length - PARAMETERS;
        double bound = line.error * (1 + new FDistribution(1, freedom).inverseCumulativeProbability(LEVEL) / freedom);
        Range range = new Range(crossing(error, best, SLOWEST, bound), best, crossing(error, best, FASTEST, bound));
        return new FlooredLaw(line.floor, line.scale, range, line.error);
    }

    private record Line(double floor, double scale, double error) {}

    private static Line line(double[] x, double[] y, double exponent) {
        SimpleRegression line = new SimpleRegression();
        double products = 0;
        double squares = 0;
        for (int i = 0; i < x.length; i++) {
            double power = Math.pow(x[i] / x[0], -exponent); // near 1, whatever the unit of x
            line.addData(power, y[i]);
            products += power * y[i];
            squares += power * power;
        }
        boolean floored = line.getIntercept() >= 0;
        double floor = floored ? line.getIntercept() : 0;
        double slope = floored ? line.getSlope() : products / squares;
        double error = 0;
        for (int i = 0; i < x.length; i++) {
            double miss = y[i] - floor - slope * Math.pow(x[i] / x[0], -exponent);
            error += miss * miss;
        }
        return new Line(floor, slope * Math.pow(x[0], exponent), error);
    }

    /// By thirds: the error has one minimum there.
    private static double least(DoubleUnaryOperator error, double from, double to) {
        double low = from;
        double high = to;
        for (int i = 0; i < 2 * HALVINGS; i++) {
            double left = low + (high - low) / 3;
            double right = high - (high - low) / 3;
            if (error.applyAsDouble(left) < error.applyAsDouble(right)) {
                high = right;
            } else {
                low = left;
            }
        }
        return (low + high) / 2;
    }

    /// Where the error comes to the bound on the way from the best exponent to an end; the end, if it does not.
    private static double crossing(DoubleUnaryOperator error, double best, double end, double bound) {
        if (error.applyAsDouble(end) <= bound) {
            return end;
        }
        double inside = best;
        double outside = end;
        for (int i = 0; i < HALVINGS; i++) {
            double middle = (inside + outside) / 2;
            if (error.applyAsDouble(middle) <= bound) {
                inside = middle;
            } else {
                outside = middle;
            }
        }
        return inside;
    }

    /// y at another x.
    public double at(double x) {
        return floor + scale * Math.pow(x, -exponent.value());
    }
}
