package gradus.layers.model.prompt;

import static gradus.layers.model.prompt.SoftPromptSamples.ids;
import static gradus.layers.model.prompt.SoftPromptSamples.model;
import static gradus.layers.model.prompt.SoftPromptSamples.quietly;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.layers.attention.cache.KvCaches;
import gradus.layers.attention.cache.PackedDocuments;
import gradus.layers.model.LanguageModel;
import gradus.layers.model.prompt.SoftPromptSamples.Kind;
import gradus.layers.prompt.LstmEncoder;
import gradus.layers.prompt.MlpEncoder;
import gradus.layers.prompt.PromptTable;
import gradus.layers.prompt.SoftPrompt;
import gradus.layers.recurrent.LstmConfig;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/// Prompt tuning and P-tuning.
class PromptTunedTest extends SoftPromptLaws {
    @Override
    PromptTuned put(LanguageModel base, SoftPrompt prompt) {
        return new PromptTuned(base, prompt);
    }

    @Override
    int width(LanguageModel base) {
        return 8;
    }

    /// The vectors of the tokens.
    @Override
    Tensor ofText(LanguageModel base, int... text) {
        return PromptTuned.tokens(base).weight().embedding(Indices.of(text)); // (n, C)
    }

    @Override
    List<SoftPrompt> encoders(LanguageModel base, Rng rng) {
        return List.of(
                new MlpEncoder(3, 8, 5, rng),
                new LstmEncoder(3, LstmConfig.of(8, 2).withLayers(2), rng));
    }

    /// Sequences of 5, 2 and 3 tokens side by side, each as if it were alone; then the last and the first go on.
    @Property(tries = 100)
    void paddingComesBeforeThePrompt(
            @ForAll("kinds") Kind kind, @ForAll @IntRange(min = 1, max = 4) int count, @ForAll long seed) {
        SoftPrompted tuned = random(kind.model(seed), count, seed).eval();
        if (!tuned.supportsLeftPadding()) {
            return;
        }
        var near = within(kind.rounding());
        KvCaches caches = tuned.caches(0, 3, 2);
        double[] logits = step(tuned, caches, 3, 1, 2, 3, 4, 5, 0, 0, 0, 6, 1, 0, 0, 2, 4, 6);
        assertThat(row(logits, 0)).containsExactly(alone(tuned, 1, 2, 3, 4, 5), near);
        assertThat(row(logits, 1)).containsExactly(alone(tuned, 6, 1), near);
        assertThat(row(logits, 2)).containsExactly(alone(tuned, 2, 4, 6), near);
        caches.reorder(Indices.of(2, 0));
        logits = step(tuned, caches, 2, 5, 4);
        assertThat(row(logits, 0)).containsExactly(alone(tuned, 2, 4, 6, 5), near);
        assertThat(row(logits, 1)).containsExactly(alone(tuned, 1, 2, 3, 4, 5, 4), near);
    }

    private static double[] alone(LanguageModel model, int... ids) {
        try (var pause = Autograd.noGrad();
                var scope = Scope.open()) {
            return model.lastLogits(Indices.of(Shape.of(1, ids.length), ids)).toArray();
        }
    }

    /// Every kind can be padded whose base can.
    @Test
    void mostKindsTakePadding() {
        assertThat(SoftPromptSamples.KINDS.keySet().stream()
                        .filter(kind -> random(model(kind, 1), 2, 1).supportsLeftPadding()))
                .contains("gpt2", "rope", "llama", "qwen2", "mixtral");
    }

    /// Without its virtual tokens a model is what it was.
    @Property(tries = 100)
    void detachedIsTheBase(@ForAll("kinds") Kind kind, @ForAll long seed) {
        LanguageModel base = kind.model(seed);
        Indices ids = ids(Rng.of(seed), 2, 5);
        double[] before = quietly(base, ids).toArray();
        new PromptTuned(base, new PromptTable(3, 8, Rng.of(seed)).to(kind.dtype())).detach();
        assertThat(quietly(base, ids).toArray()).isEqualTo(before);
        random(base, 3, seed); // there is room for others
    }

    @Test
    void badInput() {
        LanguageModel base = model("gpt2", 1);
        assertThatThrownBy(() -> new PromptTuned(base, new PromptTable(2, 5, Rng.of(1))))
                .isInstanceOf(ConfigException.class)
                .hasMessage("soft prompt: its rows must have the size of an embedding, 8; got 5");
        SoftPrompted tuned = random(base, 2, 1);
        PackedDocuments documents = PackedDocuments.of(3, new int[] {1, 2});
        assertThatThrownBy(() -> tuned.forward(Indices.of(Shape.of(1, 3), new int[3]), documents))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("virtual tokens stand before every document, so documents cannot share a row");
        assertThatThrownBy(() -> random(base, 1, 1)).hasMessageContaining("already has an adapter");
    }
}
