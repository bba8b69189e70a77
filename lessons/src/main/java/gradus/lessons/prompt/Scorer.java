package gradus.lessons.prompt;

import gradus.error.ConfigException;

/// Says how likely a model finds a given text.
@FunctionalInterface
public interface Scorer {
    /// `log p(tₖ | prompt, t₁ … tₖ₋₁)` for each token tₖ of a continuation, by the natural logarithm, at
    /// temperature 1. The continuation is taken apart on its own, as if the model had written it behind the
    /// prompt.
    ///
    /// **Shapes** K tokens → (K); none for an empty text
    ///
    /// @throws gradus.error.ConfigException if both together are longer than the model can see
    double[] logProbabilities(String prompt, String continuation);

    /// The log-probability of a whole continuation: the sum.
    default double logProbability(String prompt, String continuation) {
        double sum = 0;
        for (double each : logProbabilities(prompt, continuation)) {
            sum += each;
        }
        return sum;
    }

    /// What stands between a prompt such as `… A:` and the first word of an answer: a space where the model
    /// goes on with the prompt's text, nothing where it answers in a conversation.
    default String gap() {
        return " ";
    }

    /// The scorer of a model.
    ///
    /// @throws ConfigException if it has none
    static Scorer of(TextModel model) {
        return model.scorer()
                .orElseThrow(() -> new ConfigException("the model does not say how likely a text is, which this needs;"
                        + " models that Gradus runs itself do"));
    }
}
