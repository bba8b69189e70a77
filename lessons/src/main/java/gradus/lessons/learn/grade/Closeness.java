package gradus.lessons.learn.grade;

import gradus.lessons.learn.exercise.Observation;
import gradus.lessons.learn.exercise.Outcome;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/// How far two outcomes are from each other, in tolerances: up to 1 they agree.
///
/// A number may be off by the tolerance times the largest magnitude among the numbers that stand beside it, or a
/// thousandth of the largest in the whole outcome, so that what should be zero need not be so to the last bit.
public record Closeness(double tolerance) {
    /// What part of the outcome's largest number the scale of an observation is at least.
    private static final double FLOOR = 1e-3;

    /// What separates two answers at least, on some probe: then the tolerance is a hundredth of the effect.
    public static final double APART = 100;

    public boolean agree(Outcome expected, Outcome actual) {
        return distance(expected, actual) <= 1;
    }

    public boolean agree(List<Outcome> expected, List<Outcome> actual) {
        for (int i = 0; i < expected.size(); i++) {
            if (!agree(expected.get(i), actual.get(i))) {
                return false;
            }
        }
        return true;
    }

    /// The largest difference, in tolerances; infinite where what was seen is not even of one kind and shape.
    public double distance(Outcome expected, Outcome actual) {
        if (expected.failure() != null || actual.failure() != null) {
            return sameFailure(expected.failure(), actual.failure()) ? 0 : Double.POSITIVE_INFINITY;
        }
        if (expected.seen().size() != actual.seen().size()) {
            return Double.POSITIVE_INFINITY;
        }
        double floor = FLOOR * scale(expected);
        double distance = 0;
        for (int i = 0; i < expected.seen().size(); i++) {
            distance = Math.max(
                    distance, distance(expected.seen().get(i), actual.seen().get(i), floor));
        }
        return distance;
    }

    /// The largest distance over all probes: how well two answers are told apart.
    public double distance(List<Outcome> expected, List<Outcome> actual) {
        double distance = 0;
        for (int i = 0; i < expected.size(); i++) {
            distance = Math.max(distance, distance(expected.get(i), actual.get(i)));
        }
        return distance;
    }

    static boolean sameFailure(Outcome.Failure one, Outcome.Failure other) {
        return one != null && other != null && one.type().equals(other.type());
    }

    double floor(Outcome expected) {
        return FLOOR * scale(expected);
    }

    private static double scale(Outcome outcome) {
        return outcome.seen().stream().mapToDouble(Observation::scale).max().orElse(0);
    }

    double distance(Observation expected, Observation actual, double floor) {
        if (!sameForm(expected, actual)) {
            return Double.POSITIVE_INFINITY;
        }
        if (expected.numbers() == null) {
            return expected.text().equals(actual.text()) ? 0 : Double.POSITIVE_INFINITY;
        }
        double allowed = tolerance * Math.max(Math.max(expected.scale(), floor), Double.MIN_NORMAL);
        double distance = 0;
        for (int i = 0; i < expected.numbers().length; i++) {
            distance = Math.max(distance, distance(expected.numbers()[i], actual.numbers()[i], allowed));
        }
        return distance;
    }

    static boolean sameForm(Observation expected, Observation actual) {
        return Objects.equals(expected.name(), actual.name())
                && expected.kind().equals(actual.kind())
                && Arrays.equals(expected.shape(), actual.shape())
                && (expected.numbers() == null) == (actual.numbers() == null);
    }

    static double distance(double expected, double actual, double allowed) {
        if (expected == actual || Double.isNaN(expected) && Double.isNaN(actual)) {
            return 0;
        }
        double off = Math.abs(expected - actual);
        return Double.isFinite(off) ? off / allowed : Double.POSITIVE_INFINITY;
    }
}
