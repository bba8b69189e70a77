package gradus.lessons.lab.measure;

import gradus.train.run.compare.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntToDoubleFunction;

/// What an interval says of a sign, so that a sentence about an experiment follows from its numbers.
public enum Verdict {
    /// All of the interval is above 0.
    MORE,
    /// All of the interval is below 0.
    LESS,
    /// The interval holds 0, or there is none.
    OPEN;

    /// Of a mean difference.
    public static Verdict of(Interval difference) {
        if (difference.mean() - difference.half() > 0) {
            return MORE;
        }
        return difference.mean() + difference.half() < 0 ? LESS : OPEN;
    }

    /// One of three words.
    public String choose(String more, String less, String open) {
        return switch (this) {
            case MORE -> more;
            case LESS -> less;
            case OPEN -> open;
        };
    }

    /// The interval of one number of each seed; of those seeds that have one.
    ///
    /// @param values NaN for a seed without
    public static Interval over(int seeds, IntToDoubleFunction values) {
        List<Double> all = new ArrayList<>();
        for (int seed = 0; seed < seeds; seed++) {
            double value = values.applyAsDouble(seed);
            if (!Double.isNaN(value)) {
                all.add(value);
            }
        }
        return Interval.of(all);
    }

    /// For a cell of a table.
    ///
    /// @param places behind the point
    public static String shown(Interval interval, int places) {
        if (Double.isNaN(interval.mean())) {
            return "";
        }
        String number = "%." + places + "f";
        String mean = String.format(Locale.ROOT, number, interval.mean());
        if (Double.parseDouble(mean) == 0) {
            mean = String.format(Locale.ROOT, number, 0.0); // and no -0
        }
        return Double.isNaN(interval.half())
                ? mean
                : mean + String.format(Locale.ROOT, " ± " + number, interval.half());
    }
}
