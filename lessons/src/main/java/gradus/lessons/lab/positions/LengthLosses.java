package gradus.lessons.lab.positions;

import gradus.layers.model.LanguageModel;
import gradus.train.run.length.LossByPosition;
import gradus.train.task.Tokens;
import java.util.Arrays;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/// The losses of a model on the last half of longer and longer windows, and on the same tokens read in pieces of
/// the trained length T, each token with T/2 to T tokens before it. The tokens are the same, so the difference is
/// what the longer reading does: below 0 where what stands far back helps, above 0 where the positions do harm.
///
/// @param text   to measure
/// @param starts of windows of the longest length
/// @param context T
record LengthLosses(Tokens text, long[] starts, int context) {

    /// In whole windows.
    ///
    /// @param models a model for a length; null where none reads so much
    /// @return a loss for each of [LengthPlan#FACTORS], NaN where there is no model
    double[] whole(IntFunction<LanguageModel> models) {
        return IntStream.of(LengthPlan.FACTORS)
                .mapToDouble(factor -> {
                    int length = factor * context;
                    LanguageModel model = models.apply(length);
                    return model == null ? Double.NaN : mean(model, length, length / 2, starts);
                })
                .toArray();
    }

    /// The same tokens in pieces.
    double[] pieces(LanguageModel model) {
        return IntStream.of(LengthPlan.FACTORS)
                .mapToDouble(factor -> {
                    int half = context / 2;
                    long[] all = LongStream.of(starts)
                            .flatMap(start ->
                                    IntStream.range(factor - 1, 2 * factor - 1).mapToLong(i -> start + (long) i * half))
                            .toArray();
                    return mean(model, context, half, all);
                })
                .toArray();
    }

    private double mean(LanguageModel model, int length, int from, long... all) {
        double[] means = LossByPosition.at(model, text, length, all).means(from, length);
        return Arrays.stream(means).average().orElse(Double.NaN);
    }

    /// The mean loss of each stretch of so many positions, over windows of a length.
    double[] course(LanguageModel model, int length, int stretch) {
        LossByPosition losses = LossByPosition.at(model, text, length, starts);
        return IntStream.range(0, length / stretch)
                .mapToDouble(i -> Arrays.stream(losses.means(i * stretch, (i + 1) * stretch))
                        .average()
                        .orElse(Double.NaN))
                .toArray();
    }
}
