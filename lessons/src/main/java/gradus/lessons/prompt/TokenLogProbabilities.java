package gradus.lessons.prompt;

import static gradus.error.ConfigException.require;

import gradus.error.ConfigException;
import gradus.error.TokenizerException;
import gradus.layers.model.LanguageModel;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import gradus.tokenizer.Tokenizer;
import java.util.stream.IntStream;

/// How likely a language model finds given tokens.
final class TokenLogProbabilities {
    private TokenLogProbabilities() {}

    /// The tokens of a text.
    ///
    /// @throws ConfigException if it has characters that the tokenizer never saw
    static int[] tokens(Tokenizer tokenizer, String text) {
        try {
            return tokenizer.encode(text);
        } catch (TokenizerException unknown) {
            throw new ConfigException("the text whose likelihood is asked: " + unknown.getMessage(), unknown);
        }
    }

    /// `log softmax(logits)[tₖ]` at the place before each token tₖ, in double.
    ///
    /// **Shapes** prompt (P), P ≥ 1, tokens (K) → (K)
    static double[] of(LanguageModel model, int[] prompt, int... tokens) {
        if (tokens.length == 0) {
            return new double[0];
        }
        int length = prompt.length + tokens.length - 1; // the last token is read by nobody
        require(
                length <= model.context(),
                "the prompt has %d tokens and the text whose likelihood is asked %d; the model sees at most %d; shorten"
                        + " them",
                prompt.length,
                tokens.length,
                model.context());
        int[] ids = IntStream.concat(IntStream.of(prompt), IntStream.of(tokens))
                .limit(length)
                .toArray();
        try (var pause = Autograd.noGrad();
                var scope = Scope.open()) {
            Tensor states = model.hiddenStates(Indices.of(Shape.of(1, length), ids)); // (1, T, C)
            Tensor logits = model.logits(states.slice(1, prompt.length - 1, length)); // (1, K, V)
            double[] all = logits.toArray();
            int vocabulary = logits.dim(-1);
            double[] logs = new double[tokens.length];
            for (int k = 0; k < logs.length; k++) {
                int row = k * vocabulary;
                logs[k] = all[row + tokens[k]] - logSumExp(all, row, vocabulary);
            }
            return logs;
        }
    }

    private static double logSumExp(double[] all, int from, int count) {
        double most = Double.NEGATIVE_INFINITY;
        for (int i = from; i < from + count; i++) {
            most = Math.max(most, all[i]);
        }
        double sum = 0;
        for (int i = from; i < from + count; i++) {
            sum += Math.exp(all[i] - most);
        }
        return most + Math.log(sum);
    }
}
