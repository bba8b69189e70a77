package gradus.lessons.lab.induction;

import gradus.lessons.lab.induction.HeadScores.Head;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What was measured of one model.
///
/// @param points  on the way, from before the first step to the end
/// @param exact   of the exact predictor
/// @param random  of the model, on sequences without repeats
/// @param without loss of the second occurrence without each head, by layer and head
record InductionCourse(List<Point> points, RepeatLoss exact, RepeatLoss random, double[][] without) {

    /// After some steps.
    record Point(int step, RepeatLoss loss, HeadScores scores) {}

    static InductionCourse of(JsonNode measured) {
        return JsonMapper.shared().treeToValue(measured, InductionCourse.class);
    }

    Point last() {
        return points.getLast();
    }

    double[] steps() {
        return points.stream().mapToDouble(Point::step).toArray();
    }

    double[] of(ToDoubleFunction<Point> value) {
        return points.stream().mapToDouble(value).toArray();
    }

    /// The loss of the second occurrence at each measure.
    double[] repeat() {
        return of(point -> point.loss().second());
    }

    /// The greatest prefix-matching score at each measure.
    double[] prefix() {
        return of(point -> HeadScores.greatest(point.scores().prefix()));
    }

    /// Where a course has gone half of its way from the first value to the last: the step, between the two measures
    /// around it by a straight line.
    static double half(double[] steps, double[] values) {
        double wanted = (values[0] + values[values.length - 1]) / 2;
        boolean falls = values[0] > wanted;
        for (int i = 1; i < values.length; i++) {
            if (falls ? values[i] <= wanted : values[i] >= wanted) {
                double part = values[i] == values[i - 1] ? 1 : (wanted - values[i - 1]) / (values[i] - values[i - 1]);
                return steps[i - 1] + part * (steps[i] - steps[i - 1]);
            }
        }
        return steps[steps.length - 1];
    }

    /// The greatest fall within a tenth of the steps, as a share of the whole fall.
    static double steepest(double[] steps, double[] values) {
        double span = steps[steps.length - 1] / 10;
        double greatest = 0;
        for (int from = 0; from < steps.length; from++) {
            for (int to = from + 1; to < steps.length && steps[to] - steps[from] <= span; to++) {
                greatest = Math.max(greatest, values[from] - values[to]);
            }
        }
        return greatest / (values[0] - values[values.length - 1]);
    }

    /// By how much the loss of the second occurrence rises without a head.
    double rise(Head head) {
        return without[head.layer()][head.head()] - last().loss().second();
    }

    /// The same, of the other heads of its layer: the mean.
    double riseOfOthers(Head head) {
        return IntStream.range(0, without[head.layer()].length)
                .filter(other -> other != head.head())
                .mapToDouble(other -> rise(new Head(head.layer(), other)))
                .average()
                .orElse(Double.NaN);
    }

    /// The head with the greatest prefix-matching score at the end.
    Head induction() {
        return HeadScores.best(last().scores().prefix());
    }

    /// The head with the greatest previous-token score at the end.
    Head previous() {
        return HeadScores.best(last().scores().previous());
    }
}
