package gradus.tensor;

import gradus.tensor.GradientCheck.Derivative;
import gradus.tensor.type.Shape;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The result of a [GradientCheck]. When it is printed, it lists the worst derivatives, each with its input,
/// its index and both values.
///
/// @param derivatives every derivative that was checked
public record GradientReport(List<Derivative> derivatives) {
    private static final int SHOWN = 10;

    /// Whether every derivative is right.
    public boolean passed() {
        return failures().isEmpty();
    }

    /// The wrong derivatives, the worst first.
    public List<Derivative> failures() {
        return derivatives.stream()
                .filter(derivative -> !derivative.passes())
                .sorted(Comparator.comparingDouble(Derivative::relativeError).reversed())
                .toList();
    }

    /// The largest relative error among the derivatives that are not excused for being near zero, or NaN if
    /// all are excused, so that no relative error could be measured.
    public double worstError() {
        return derivatives.stream()
                .filter(derivative -> !derivative.excused())
                .mapToDouble(Derivative::relativeError)
                .max()
                .orElse(Double.NaN);
    }

    /// How many derivatives pass only because their two values differ by at most [GradientCheck#NEAR_ZERO].
    public long excused() {
        return derivatives.stream().filter(Derivative::excused).count();
    }

    private String passedText() {
        long excused = excused();
        if (excused == derivatives.size()) {
            double largest = derivatives.stream()
                    .mapToDouble(d -> Math.abs(d.analytic() - d.numeric()))
                    .max()
                    .orElse(0);
            return format(
                    "gradient check passed: %d derivatives, all too near zero for a relative error; largest"
                            + " difference %.1e",
                    derivatives.size(), largest);
        }
        String near = excused == 0 ? "" : format(", not counting %d too near zero", excused);
        return format(
                "gradient check passed: %d derivatives, largest relative error %.1e%s",
                derivatives.size(), worstError(), near);
    }

    private static String format(String text, Object... arguments) {
        return String.format(Locale.ROOT, text, arguments);
    }

    /// Does nothing if every derivative is right.
    ///
    /// @return this
    /// @throws AssertionError with this report otherwise
    public GradientReport requirePass() {
        if (!passed()) {
            throw new AssertionError(toString());
        }
        return this;
    }

    @Override
    public String toString() {
        List<Derivative> failures = failures();
        if (failures.isEmpty()) {
            return passedText();
        }
        StringBuilder text = new StringBuilder(format(
                "gradient check failed: %d of %d derivatives are wrong (%s)%n",
                failures.size(), derivatives.size(), perInput()));
        text.append(format("  %-20s %15s %15s %10s%n", "where", "analytic", "numeric", "error"));
        for (Derivative d : failures.subList(0, Math.min(SHOWN, failures.size()))) {
            text.append(format(
                    "  %-20s %15.8g %15.8g %10.1e  %s%n",
                    d.input() + d.place(), d.analytic(), d.numeric(), d.relativeError(), hint(d)));
        }
        if (failures.size() > SHOWN) {
            text.append(format("  … and %d more%n", failures.size() - SHOWN));
        }
        return text.toString();
    }

    private String perInput() {
        Map<String, int[]> counts = new LinkedHashMap<>();
        for (Derivative d : derivatives) {
            int[] count = counts.computeIfAbsent(d.input(), name -> new int[2]);
            count[0] += d.passes() ? 0 : 1;
            count[1]++;
        }
        StringBuilder text = new StringBuilder();
        counts.forEach((name, count) ->
                text.append(text.isEmpty() ? "" : ", ").append(format("%s: %d of %d", name, count[0], count[1])));
        return text.toString();
    }

    /// A guess at the mistake, from the two values.
    private static String hint(Derivative d) {
        double ratio = d.analytic() / d.numeric();
        if (d.analytic() == 0) {
            return "no gradient arrives";
        } else if (Math.abs(ratio + 1) < 1e-4) {
            return "the sign is wrong";
        } else if (Math.abs(ratio - 2) < 1e-4 || Math.abs(ratio - 0.5) < 1e-4) {
            return "a factor of 2";
        }
        return "";
    }

    /// The index of a row-major position, as in `[1, 2]`.
    static String place(Shape shape, int at) {
        int[] index = new int[shape.rank()];
        for (int axis = shape.rank() - 1; axis >= 0; axis--) {
            index[axis] = at % shape.dim(axis);
            at /= shape.dim(axis);
        }
        return java.util.Arrays.toString(index);
    }
}
