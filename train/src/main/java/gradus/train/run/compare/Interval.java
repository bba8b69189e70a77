package gradus.train.run.compare;

import java.util.List;
import java.util.Locale;
import org.apache.commons.math3.distribution.TDistribution;
import org.apache.commons.math3.stat.descriptive.SummaryStatistics;

/// A mean with its 95 % interval, `mean ± t·s/√n`, where s is the standard deviation of the values and t the
/// 97.5 % point of Student's distribution: means of few values are less certain than the normal distribution
/// makes believe. Student 1908, *The probable error of a mean*.
///
/// @param mean of the values; NaN for none
/// @param half of the interval's width; NaN for fewer than two values
public record Interval(double mean, double half) {
    private static final double UPPER = 0.975; // of a 95 % interval

    /// Of independent values, such as one of each seed.
    public static Interval of(List<Double> values) {
        SummaryStatistics all = summary(values);
        int n = values.size();
        return new Interval(all.getMean(), n < 2 ? Double.NaN : t(n - 1) * all.getStandardDeviation() / Math.sqrt(n));
    }

    /// Of the difference of two means, `mean(b) − mean(a)`, of values that have nothing to do with each other;
    /// they need not scatter equally. The degrees of freedom are `(u + v)²/(u²/(m−1) + v²/(n−1))` with
    /// `u = s²/m` of the one and `v = s²/n` of the other. Welch 1947.
    public static Interval ofDifference(List<Double> a, List<Double> b) {
        SummaryStatistics first = summary(a);
        SummaryStatistics second = summary(b);
        double mean = second.getMean() - first.getMean();
        if (a.size() < 2 || b.size() < 2) {
            return new Interval(mean, Double.NaN);
        }
        double u = first.getVariance() / a.size();
        double v = second.getVariance() / b.size();
        if (u + v == 0) {
            return new Interval(mean, 0);
        }
        double freedom = (u + v) * (u + v) / (u * u / (a.size() - 1) + v * v / (b.size() - 1));
        return new Interval(mean, t(freedom) * Math.sqrt(u + v));
    }

    private static SummaryStatistics summary(List<Double> values) {
        SummaryStatistics all = new SummaryStatistics();
        values.forEach(all::addValue);
        return all;
    }

    private static double t(double freedom) {
        return new TDistribution(freedom).inverseCumulativeProbability(UPPER);
    }

    /// Whether 0 lies outside of it; not for a single value, which says nothing of chance.
    public boolean excludesZero() {
        return Math.abs(mean) > half;
    }

    @Override
    public String toString() {
        return Double.isNaN(half)
                ? String.format(Locale.ROOT, "%.4f", mean)
                : String.format(Locale.ROOT, "%.4f ± %.4f", mean, half);
    }
}
