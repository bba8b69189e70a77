package gradus.tensor;

import org.assertj.core.api.Assertions;

/// Comparison of arrays within a tolerance.
public final class Near {
    /// What float64 leaves of sums over a few hundred terms in another order: 1e-16 times some hundreds.
    public static final double ROUNDING = 1e-12;

    private Near() {}

    /// Every element within a tolerance times the largest magnitude expected, at least 1e-30. That scale and not each
    /// element's own: a sum that cancels is as uncertain as its largest terms.
    public static void assertNear(double[] actual, double[] expected, double tolerance) {
        double scale = 1e-30;
        for (double value : expected) {
            scale = Math.max(scale, Double.isFinite(value) ? Math.abs(value) : 0);
        }
        compare(actual, expected, tolerance * scale, 0);
    }

    /// The same where the size of what was added up is known: a sum of a single element may cancel to nothing,
    /// and keeps the roundings of its terms.
    ///
    /// @param terms the largest `Σ |term|` of an element
    public static void assertNear(double[] actual, double[] expected, double tolerance, double terms) {
        compare(actual, expected, tolerance * Math.max(terms, largest(expected)), 0);
    }

    /// The largest magnitude.
    public static double largest(double[] values) {
        return java.util.Arrays.stream(values).map(Math::abs).max().orElse(0);
    }

    /// The same for tensors, whose shapes must agree too.
    public static void assertNear(Tensor actual, Tensor expected, double tolerance) {
        Assertions.assertThat(actual.shape()).isEqualTo(expected.shape());
        assertNear(actual.toArray(), expected.toArray(), tolerance);
    }

    /// Every element within a tolerance times its own magnitude.
    public static void assertEachNear(double[] actual, double[] expected, double tolerance) {
        compare(actual, expected, 1e-300, tolerance);
    }

    /// Every element within an absolute tolerance, for results that may be 0 while what they come from is about 1.
    public static void assertWithin(double[] actual, double[] expected, double tolerance) {
        compare(actual, expected, tolerance, 0);
    }

    private static void compare(double[] actual, double[] expected, double absolute, double relative) {
        Assertions.assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            double allowed = absolute + relative * Math.abs(expected[i]);
            if (!(actual[i] == expected[i] || Math.abs(actual[i] - expected[i]) <= allowed)
                    && !(Double.isNaN(expected[i]) && Double.isNaN(actual[i]))) {
                throw new AssertionError("element %d of %d: expected %s, got %s, allowed ±%.2e"
                        .formatted(i, expected.length, expected[i], actual[i], allowed));
            }
        }
    }
}
