package gradus.train.generate;

import static gradus.error.ConfigException.require;

import gradus.layers.model.LanguageModel;

/// Checks the prompts of generation.
final class Prompts {
    private Prompts() {}

    static void requireKnown(int[] prompt, LanguageModel model) {
        require(prompt != null, "generate: a prompt must be given; got null");
        require(
                prompt.length >= 1 && prompt.length <= model.context(),
                "generate: the prompt must have between 1 token and the context of %d; got %d",
                model.context(),
                prompt.length);
        for (int i = 0; i < prompt.length; i++) {
            require(
                    prompt[i] >= 0 && prompt[i] < model.vocabSize(),
                    "generate: token %d at position %d of the prompt is outside the vocabulary 0..%d",
                    prompt[i],
                    i,
                    model.vocabSize() - 1);
        }
    }
}
