package gradus.lessons.lab.grokking;

import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/// What was measured of one model.
///
/// @param steps    of the measures, ascending
/// @param learned  share of right answers, of the sums that it learned
/// @param heldOut  of the others
/// @param before   share of the strongest frequencies in the energy of the embedding, before training
/// @param after    the same at the end
/// @param shuffled the same of the vectors in random order
record Course(int[] steps, double[] learned, double[] heldOut, double before, double after, double shuffled) {

    static Course of(JsonNode measured) {
        return new Course(
                measured.path("step").valueStream().mapToInt(JsonNode::asInt).toArray(),
                numbers(measured.path("learned")),
                numbers(measured.path("heldOut")),
                measured.path("before").asDouble(),
                measured.path("after").asDouble(),
                measured.path("shuffled").asDouble());
    }

    private static double[] numbers(JsonNode list) {
        return list.valueStream().mapToDouble(JsonNode::asDouble).toArray();
    }

    /// The first step at which as many are right as a model must know; NaN if there is none.
    double known() {
        return first(learned);
    }

    /// The same for the sums that were held out.
    double understood() {
        return first(heldOut);
    }

    private double first(double[] right) {
        return IntStream.range(0, steps.length)
                .filter(i -> right[i] >= AdderRecipe.KNOWN)
                .mapToDouble(i -> steps[i])
                .findFirst()
                .orElse(Double.NaN);
    }

    /// The share of held-out sums that were right when those that it learned were known; NaN if they never
    /// were.
    double understoodWhenKnown() {
        return IntStream.range(0, steps.length)
                .filter(i -> learned[i] >= AdderRecipe.KNOWN)
                .mapToDouble(i -> heldOut[i])
                .findFirst()
                .orElse(Double.NaN);
    }

    /// As a share of right answers at a step; after the end, that of the last measure.
    static double at(int step, int[] steps, double[] right) {
        int i = 0;
        while (i < steps.length - 1 && steps[i] < step) {
            i++;
        }
        return right[i];
    }
}
