package gradus.train.generate;

import static gradus.error.ConfigException.require;

import gradus.layers.model.LanguageModel;
import gradus.tensor.Autograd;
import gradus.tensor.random.Rng;
import java.util.function.Function;
import java.util.function.IntPredicate;

/// Decoding by logits that are computed from those of several passes.
final class CombinedLogits {
    private CombinedLogits() {}

    /// Continues a prompt up to the end of the context.
    ///
    /// @param next the logits of the token that follows a text
    static int[] generate(
            LanguageModel model,
            Sampling sampling,
            int[] prompt,
            int limit,
            Rng rng,
            IntPredicate onToken,
            Function<int[], double[]> next) {
        Prompts.requireKnown(prompt, model);
        require(limit >= 0, "generate: the limit must be at least 0; got %d", limit);
        Text text = new Text(prompt, rng);
        boolean goOn = limit > 0;
        try (var pause = Autograd.noGrad()) {
            while (goOn) {
                int token = text.grow(sampling, next.apply(text.last(text.length())));
                goOn = onToken.test(token) && text.added() < limit && text.length() <= model.context();
            }
        }
        return text.addedTokens();
    }

    /// `log softmax`, of the drawable tokens; -∞ of the others.
    static double[] logProbabilities(double[] logits, IntPredicate drawable) {
        double[] x = Drawable.masked(new double[][] {logits}, drawable)[0];
        double[] p = Sampling.defaults().distribution(x, new int[0]); // refuses what is not finite
        double largest = Double.NEGATIVE_INFINITY;
        int at = 0;
        for (int i = 0; i < x.length; i++) {
            if (x[i] > largest) {
                largest = x[i];
                at = i;
            }
        }
        double logSum = largest - Math.log(p[at]);
        for (int i = 0; i < x.length; i++) {
            x[i] -= logSum;
        }
        return x;
    }
}
