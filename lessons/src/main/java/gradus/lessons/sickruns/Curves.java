package gradus.lessons.sickruns;

import gradus.error.DataException;
import gradus.error.FileReason;
import gradus.error.ResourceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The numbers of a run's `metrics.jsonl`.
///
/// @param loss        of each step's batch, before the weights changed
/// @param rate        the learning rate of each step
/// @param norm        of each step's gradient, before clipping
/// @param evaluatedAt the steps after which the validation loss was measured; 0 before the first
/// @param validation  what it was
public record Curves(double[] loss, double[] rate, double[] norm, double[] evaluatedAt, double[] validation) {
    private static final JsonMapper JSON = new JsonMapper();

    /// @throws ResourceException if the file cannot be read
    /// @throws DataException     if a line is none of a run's, or no step is in it
    public static Curves read(Path metricsJsonl) {
        List<Double> loss = new ArrayList<>();
        List<Double> rate = new ArrayList<>();
        List<Double> norm = new ArrayList<>();
        List<Double> evaluatedAt = new ArrayList<>();
        List<Double> validation = new ArrayList<>();
        try {
            for (String text : Files.readAllLines(metricsJsonl)) {
                JsonNode line = JSON.readTree(text);
                if (line.has("validationLoss")) {
                    evaluatedAt.add(number(line, "step"));
                    validation.add(number(line, "validationLoss"));
                } else {
                    loss.add(number(line, "loss"));
                    rate.add(number(line, "lr"));
                    norm.add(number(line, "gradNorm"));
                }
            }
        } catch (IOException e) {
            throw new ResourceException(metricsJsonl + " cannot be read: " + FileReason.of(e), e);
        } catch (JacksonException e) {
            throw new DataException(metricsJsonl + " has a line that is no JSON", e);
        }
        if (loss.isEmpty()) {
            throw new DataException(metricsJsonl + " has no step in it");
        }
        return new Curves(array(loss), array(rate), array(norm), array(evaluatedAt), array(validation));
    }

    /// Numbers that are not finite are written as texts.
    private static double number(JsonNode line, String name) {
        JsonNode value = line.path(name);
        if (!value.isNumber() && !value.isString()) {
            throw new DataException("a line of metrics has no " + name + ": " + line);
        }
        return value.isNumber() ? value.asDouble() : Double.parseDouble(value.stringValue());
    }

    private static double[] array(List<Double> numbers) {
        return numbers.stream().mapToDouble(Double::doubleValue).toArray();
    }

    public int steps() {
        return loss.length;
    }

    /// The loss of the untrained model.
    double first() {
        return loss[0];
    }

    /// The loss at the end: the median of the last tenth.
    double last() {
        return median(part(loss, 0.9, 1));
    }

    /// NaN if nothing was measured.
    double lastValidation() {
        return validation.length == 0 ? Double.NaN : validation[validation.length - 1];
    }

    /// How far one batch's loss lies from the next one's, in the run's second half: a robust standard deviation.
    double noise() {
        double[] half = part(loss, 0.5, 1);
        double[] steps = new double[Math.max(1, half.length - 1)];
        for (int i = 0; i + 1 < half.length; i++) {
            steps[i] = Math.abs(half[i + 1] - half[i]);
        }
        return 1.4826 * median(steps) / Math.sqrt(2);
    }

    /// A part of a curve, by fractions of its length; at least one number.
    static double[] part(double[] curve, double from, double to) {
        int first = Math.min((int) (from * curve.length), curve.length - 1);
        return Arrays.copyOfRange(curve, first, Math.max(first + 1, (int) (to * curve.length)));
    }

    static double median(double[] numbers) {
        double[] sorted = numbers.clone();
        Arrays.sort(sorted);
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    /// The median of each number and its neighbours, so many on each side; fewer at the ends.
    static double[] rollingMedian(double[] curve, int neighbours) {
        double[] medians = new double[curve.length];
        Arrays.setAll(
                medians,
                i -> median(Arrays.copyOfRange(
                        curve, Math.max(0, i - neighbours), Math.min(curve.length, i + neighbours + 1))));
        return medians;
    }
}
