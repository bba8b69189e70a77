package gradus.lessons.lab.measure;

import java.util.List;
import java.util.Locale;
import org.apache.commons.math3.distribution.TDistribution;
import org.apache.commons.math3.stat.descriptive.SummaryStatistics;

/// A mean over seeds with its 95 % interval by Student's t.
///
/// @param mean of the values
/// @param half of the interval's width; NaN for one value
public record Interval(double mean, double half) {
    /// Of one value of each seed.
    public static Interval of(List<Double> values) {
        SummaryStatistics statistics = new SummaryStatistics();
        values.forEach(statistics::addValue);
        int n = values.size();
        double half = n < 2
                ? Double.NaN
                : new TDistribution(n - 1).inverseCumulativeProbability(0.975)
                        * statistics.getStandardDeviation()
                        / Math.sqrt(n);
        return new Interval(statistics.getMean(), half);
    }

    @Override
    public String toString() {
        return Double.isNaN(half)
                ? String.format(Locale.ROOT, "%.4f", mean)
                : String.format(Locale.ROOT, "%.4f ± %.4f", mean, half);
    }
}
