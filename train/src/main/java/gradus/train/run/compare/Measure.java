package gradus.train.run.compare;

import gradus.train.run.compare.MetricsFile.Row;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/// A number that a run has come to.
///
/// @param name   as a table's heading
/// @param format of a value, as [String#format] takes it
public record Measure(String name, String format, ToDoubleFunction<RunRecord> number) {
    private static final String FOUR = "%.4f";
    private static final int TENTH = 10;

    /// Of the last evaluation; the mean over tokens in nats, which depends on what the tokens are.
    public static final Measure VALIDATION_LOSS = new Measure(
            "validation loss",
            FOUR,
            run -> run.evaluation().map(row -> row.number("validationLoss")).orElse(Double.NaN));

    /// Of the last evaluation; it does not depend on what the tokens are.
    public static final Measure BITS_PER_BYTE = new Measure(
            "bits per byte",
            FOUR,
            run -> run.evaluation().map(row -> row.number("bitsPerByte")).orElse(Double.NaN));

    /// The lowest of all evaluations.
    public static final Measure LOWEST = new Measure(
            "lowest validation loss",
            FOUR,
            run -> run.metrics().evaluations().stream()
                    .mapToDouble(row -> row.number("validationLoss"))
                    .filter(Double::isFinite)
                    .min()
                    .orElse(Double.NaN));

    /// Over the last tenth of the steps: a single step's loss is that of a few texts.
    public static final Measure TRAINING_LOSS = ofLastTenth("loss", "training loss", FOUR);

    public static final Measure STEPS = new Measure("steps", "%,.0f", RunRecord::lastStep);

    public static final Measure TOKENS = new Measure(
            "tokens",
            "%,.0f",
            run -> run.metrics().steps().isEmpty()
                    ? Double.NaN
                    : run.metrics().steps().getLast().number("tokens"));

    /// The median over the steps, which pauses do not change.
    public static final Measure SPEED = new Measure(
            "tokens/s",
            "%,.0f",
            run -> median(run.metrics().steps().stream()
                    .mapToDouble(row -> row.number("tokensPerSecond"))
                    .filter(Double::isFinite)
                    .sorted()
                    .toArray()));

    /// What a task logs under a name of its own, as `reward`: the mean over the last tenth of the steps.
    public static Measure named(String name) {
        return ofLastTenth(name, name, FOUR);
    }

    private static Measure ofLastTenth(String logged, String name, String format) {
        return new Measure(name, format, run -> {
            List<Row> steps = run.metrics().steps();
            int last = Math.max(1, steps.size() / TENTH);
            return steps.subList(Math.max(0, steps.size() - last), steps.size()).stream()
                    .mapToDouble(row -> row.number(logged))
                    .filter(Double::isFinite)
                    .average()
                    .orElse(Double.NaN);
        });
    }

    private static double median(double... sorted) {
        int n = sorted.length;
        return n == 0 ? Double.NaN : (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
    }

    double of(RunRecord run) {
        return number.applyAsDouble(run);
    }

    /// A mean with its interval, as a cell of a table; without one where all values are the same.
    public String shown(Interval interval) {
        if (Double.isNaN(interval.mean())) {
            return "–";
        }
        String mean = String.format(Locale.ROOT, format, interval.mean());
        return Double.isNaN(interval.half()) || interval.half() == 0
                ? mean
                : mean + " ± " + String.format(Locale.ROOT, format, interval.half());
    }
}
