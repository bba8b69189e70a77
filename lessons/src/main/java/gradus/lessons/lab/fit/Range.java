package gradus.lessons.lab.fit;

import java.util.Arrays;
import java.util.Locale;
import org.apache.commons.math3.stat.StatUtils;

/// An estimate between the bounds of its 95 % interval, which need not lie equally far from it.
///
/// @param low   the lower bound; NaN for both where there is none
/// @param value the estimate
/// @param high  the upper bound
public record Range(double low, double value, double high) {
    private static final double LOWER = 2.5; // in percent
    private static final double UPPER = 97.5;

    /// Between the quantiles of what resampled data gave; what is no number is left out.
    public static Range of(double value, double[] resampled) {
        double[] numbers = Arrays.stream(resampled).filter(Double::isFinite).toArray();
        return new Range(StatUtils.percentile(numbers, LOWER), value, StatUtils.percentile(numbers, UPPER));
    }

    /// An estimate with as much on both sides.
    public static Range around(double value, double half) {
        return new Range(value - half, value, value + half);
    }

    public boolean holds(double number) {
        return low <= number && number <= high;
    }

    /// Whether there is a number that both hold.
    public boolean meets(Range other) {
        return low <= other.high && other.low <= high;
    }

    /// As `0.082 (0.071 to 0.094)`.
    ///
    /// @param places behind the point
    public String shown(int places) {
        String number = "%." + places + "f";
        return Double.isNaN(low)
                ? String.format(Locale.ROOT, number, value)
                : String.format(Locale.ROOT, number + " (" + number + " to " + number + ")", value, low, high);
    }
}
