package gradus.lessons.lab.rules;

import gradus.layers.model.Qwen2;
import gradus.layers.model.config.LlamaConfig;
import gradus.layers.position.PlainFrequencies;
import gradus.lessons.retrieve.reader.LookBack;
import gradus.tensor.random.Rng;

/// A decoder with rotary positions, whose first layer has heads that [LookBack] by one, two and three tokens from the
/// beginning: each place knows which rule ends there.
final class RuleModel {
    private static final double THETA = 1e4;
    private static final int[] LOOK_BACK = {1, 2, 3, 0};
    private static final int CONTEXT = 96;
    static final int HEADS = LOOK_BACK.length;

    private RuleModel() {}

    static Qwen2 of(Language language, int layers, int channels, Rng rng) {
        LlamaConfig size = LlamaConfig.of(channels, HEADS, layers)
                .withVocabSize(language.vocabulary())
                .withContext(CONTEXT)
                .withFrequencies(new PlainFrequencies(THETA))
                .withHidden(2 * channels)
                .withTied(true);
        Qwen2 model = new Qwen2(size, rng);
        LookBack.set(model, LOOK_BACK);
        return model;
    }
}
