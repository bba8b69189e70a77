package gradus.tensor;

import gradus.tensor.GradientCheck.Derivative;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a [GradientCheck] found. Printed, it names the worst derivatives: which input, which index, both values.
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

    /// The largest relative error among derivatives that are not excused for being near zero; 0 where all are.
    public double worstError() {
        return derivatives.stream()
                .filter(d -> !(Math.abs(d.analytic() - d.numeric()) <= GradientCheck.NEAR_ZERO))
                .mapToDouble(Derivative::relativeError)
                .max()
                .orElse(0);
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
            return "gradient check passed: %d derivatives, largest relative error %.1e"
                    .formatted(derivatives.size(), worstError());
        }
        StringBuilder text = new StringBuilder("gradient check failed: %d of %d derivatives are wrong (%s)%n"
                .formatted(failures.size(), derivatives.size(), perInput()));
        text.append("  %-20s %15s %15s %10s%n".formatted("where", "analytic", "numeric", "error"));
        for (Derivative d : failures.subList(0, Math.min(SHOWN, failures.size()))) {
            text.append("  %-20s %15.8g %15.8g %10.1e  %s%n"
                    .formatted(d.input() + d.place(), d.analytic(), d.numeric(), d.relativeError(), hint(d)));
        }
        if (failures.size() > SHOWN) {
            text.append("  … and %d more%n".formatted(failures.size() - SHOWN));
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
                text.append(text.isEmpty() ? "" : ", ").append("%s: %d of %d".formatted(name, count[0], count[1])));
        return text.toString();
    }

    /// What the two values suggest.
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
