package gradus.lessons.lab.fit;

import java.util.function.BiFunction;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

/// How well a law tells points that it was not fitted to: each point in turn is left out and foretold by the rest.
public final class LeaveOneOut {
    private LeaveOneOut() {}

    /// The root of the mean square of `ln ŷ − ln y`.
    ///
    /// @param fit makes a law of points
    public static double error(double[] x, double[] y, BiFunction<double[], double[], DoubleUnaryOperator> fit) {
        double mean = IntStream.range(0, x.length)
                .mapToDouble(i -> {
                    DoubleUnaryOperator law = fit.apply(without(x, i), without(y, i));
                    return Math.pow(Math.log(law.applyAsDouble(x[i]) / y[i]), 2);
                })
                .average()
                .orElseThrow();
        return Math.sqrt(mean);
    }

    private static double[] without(double[] values, int left) {
        return IntStream.range(0, values.length)
                .filter(i -> i != left)
                .mapToDouble(i -> values[i])
                .toArray();
    }
}
