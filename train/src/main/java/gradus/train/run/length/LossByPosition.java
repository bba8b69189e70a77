package gradus.train.run.length;

import static gradus.error.ConfigException.require;

import gradus.layers.model.LanguageModel;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.type.Indices;
import gradus.train.task.Tokens;
import java.util.Arrays;
import java.util.stream.LongStream;

/// How surprising the tokens of a text are, by how many stand before them in their window.
///
/// @param losses in nats, `losses[window][position]`: position t has t + 1 tokens before it
public record LossByPosition(double[][] losses) {

    /// Of windows at equal distances over a text, which do not overlap.
    ///
    /// @param model   in evaluation
    /// @param length  of a window
    /// @param windows the most to look at
    /// @throws gradus.error.ConfigException if the text has fewer than length + 1 tokens, or the model reads
    ///     less
    public static LossByPosition of(LanguageModel model, Tokens tokens, int length, int windows) {
        require(length >= 1 && windows >= 1, "length and windows must be at least 1; got %d and %d", length, windows);
        require(
                length <= model.context(),
                "windows of %d tokens are longer than the model's context of %d",
                length,
                model.context());
        long all = (tokens.size() - 1) / length;
        require(all >= 1, "the text has %d tokens; windows of %d need %d", tokens.size(), length, length + 1);
        int count = (int) Math.min(all, windows);
        return at(
                model,
                tokens,
                length,
                LongStream.range(0, count).map(w -> w * all / count * length).toArray());
    }

    /// Of windows that begin at these places of a text and may overlap.
    ///
    /// @param model  in evaluation
    /// @param length of a window, of which the model reads all
    /// @param starts each with length + 1 tokens from there on
    public static LossByPosition at(LanguageModel model, Tokens tokens, int length, long... starts) {
        double[][] losses = new double[starts.length][length];
        for (int w = 0; w < starts.length; w++) {
            int[] ids = tokens.read(starts[w], length + 1);
            try (var pause = Autograd.noGrad();
                    var scope = Scope.open()) {
                Indices row = Indices.of(Arrays.copyOf(ids, length)).reshape(1, length);
                Tensor logP = model.forward(row).logSoftmax(); // (1, T, V)
                float[] values = logP.toFloatArray();
                for (int t = 0; t < length; t++) {
                    losses[w][t] = -values[t * model.vocabSize() + ids[t + 1]];
                }
            }
        }
        return new LossByPosition(losses);
    }

    /// The mean loss of each window over some positions.
    ///
    /// @param from the first
    /// @param to   behind the last
    public double[] means(int from, int to) {
        double[] means = new double[losses.length];
        for (int w = 0; w < means.length; w++) {
            for (int t = from; t < to; t++) {
                means[w] += losses[w][t] / (to - from);
            }
        }
        return means;
    }
}
