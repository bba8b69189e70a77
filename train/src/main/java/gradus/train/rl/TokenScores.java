package gradus.train.rl;

import static gradus.error.ConfigException.require;

import gradus.layers.model.LanguageModel;
import gradus.tensor.Tensor;
import gradus.tensor.op.CrossEntropy;

/// How a model rates the tokens of completions that exist already. Gradients flow to the model.
///
/// The head is applied only where tokens of completions are predicted, so the logits take M·V numbers for the M
/// tokens of all completions, and not B·S·V: neither prompts nor padding have any.
///
/// @param logProbs log p of each token among all of the vocabulary, with the logits divided by the temperature;
///                 0 behind the end, (B, T)
/// @param logits   those of each token, divided by the temperature, (M, V)
public record TokenScores(Tensor logProbs, Tensor logits) {

    /// @param temperature that the completions were drawn with, above 0
    /// @throws gradus.error.ConfigException if the temperature is not above 0
    public static TokenScores of(LanguageModel model, CompletionRows rows, double temperature) {
        return of(model, model.hiddenStates(rows.ids()), rows, temperature);
    }

    /// The same from states that are there already.
    ///
    /// **Shapes** states (B, S, C)
    static TokenScores of(LanguageModel model, Tensor states, CompletionRows rows, double temperature) {
        require(temperature > 0, "log-probabilities need a temperature above 0; got %s", temperature);
        Tensor raw = model.logits(rows.predicting(states)); // (M, V)
        Tensor logits = temperature == 1 ? raw : raw.div(temperature); // (M, V)
        Tensor losses = CrossEntropy.rows(logits, rows.targets(), CrossEntropy.IGNORE_INDEX, 0); // (M)
        return new TokenScores(rows.spread(losses.neg()), logits);
    }
}
