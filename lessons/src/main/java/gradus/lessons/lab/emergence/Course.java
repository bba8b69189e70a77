package gradus.lessons.lab.emergence;

import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.correlation.SpearmansCorrelation;
import org.apache.commons.math3.stat.regression.SimpleRegression;
import tools.jackson.databind.JsonNode;

/// What was measured of one model on its way.
///
/// @param operations     C at each measure, ascending
/// @param logProbability of a digit, the mean
/// @param accuracy       of a digit
/// @param match          of each measure, the share of answers whose first 1, 2, … digits are right
record Course(double[] operations, double[] logProbability, double[] accuracy, double[][] match) {
    /// Between which shares of right answers a line through the logarithms is looked at: below, too few answers
    /// are right to be counted, above, there is nothing left to fall.
    static final double RARE = 0.01;

    static final double OFTEN = 0.9;

    static Course of(AdditionLearner recipe, JsonNode measured) {
        JsonNode steps = measured.path("step");
        return new Course(
                IntStream.range(0, steps.size())
                        .mapToDouble(i -> recipe.operations(steps.get(i).asInt()))
                        .toArray(),
                numbers(measured.path("logProbability")),
                numbers(measured.path("accuracy")),
                measured.path("match").valueStream().map(Course::numbers).toArray(double[][]::new));
    }

    private static double[] numbers(JsonNode list) {
        return list.valueStream().mapToDouble(JsonNode::asDouble).toArray();
    }

    /// The share of answers that are right in all digits, at each measure.
    double[] exact() {
        return IntStream.range(0, match.length)
                .mapToDouble(i -> match[i][match[i].length - 1])
                .toArray();
    }

    /// The largest rise between two measures, as a share of the whole rise; NaN if nothing rises.
    static double jump(double[] values) {
        double rise = values[values.length - 1] - values[0];
        double largest = IntStream.range(1, values.length)
                .mapToDouble(i -> values[i] - values[i - 1])
                .max()
                .orElse(Double.NaN);
        return rise > 0 ? largest / rise : Double.NaN;
    }

    /// How orderly values rise with the operations: Spearman's rank correlation.
    double order(double[] values) {
        return new SpearmansCorrelation().correlation(operations, values);
    }

    /// R² of `ln(share of answers whose first k digits are right)` as a straight line in k, the mean over the
    /// measures at which 1 to 90 % of the whole answers are right; NaN where there are none.
    double straightness() {
        return middle().stream()
                .mapToDouble(i -> line(match[i]).getRSquare())
                .average()
                .orElse(Double.NaN);
    }

    /// At those measures, the share of answers right in all k digits minus the k-th power of the share of right
    /// digits, which it would be if digits were right or wrong independently and alike: the mean of the
    /// differences' sizes.
    double missOfPower() {
        return middle().stream()
                .mapToDouble(i -> Math.abs(exact()[i] - Math.pow(accuracy[i], match[i].length)))
                .average()
                .orElse(Double.NaN);
    }

    /// The measures at which a part of the answers is right.
    List<Integer> middle() {
        double[] exact = exact();
        return IntStream.range(0, exact.length)
                .filter(i -> exact[i] >= RARE && exact[i] <= OFTEN)
                .boxed()
                .toList();
    }

    private static SimpleRegression line(double[] match) {
        SimpleRegression line = new SimpleRegression();
        for (int k = 0; k < match.length; k++) {
            line.addData(k + 1, Math.log(match[k]));
        }
        return line;
    }
}
