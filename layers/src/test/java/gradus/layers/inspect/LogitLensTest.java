package gradus.layers.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.layers.Linear;
import gradus.layers.model.Gpt;
import gradus.layers.model.LanguageModel;
import gradus.layers.model.Llama;
import gradus.layers.model.config.GptConfig;
import gradus.layers.model.config.LlamaConfig;
import gradus.tensor.Autograd;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogitLensTest {
    private static final Rng RNG = Rng.of(3);
    private static final GptConfig GPT = new GptConfig(7, 8, 3, 2, 8, 0);
    private static final Indices IDS = Indices.of(new int[] {1, 2, 3, 4}).reshape(1, 4);

    @Test
    void theLastIsTheModelItself() {
        LlamaConfig llama =
                LlamaConfig.of(8, 2, 3).withVocabSize(7).withContext(8).withHidden(12);
        for (LanguageModel model : List.<LanguageModel>of(new Gpt(GPT, RNG).eval(), new Llama(llama, RNG).eval())) {
            List<Tensor> lens = LogitLens.of(model, () -> model.forward(IDS));
            assertThat(lens).hasSize(3);
            assertThat(lens.getLast().toArray()).isEqualTo(model.forward(IDS).toArray());
            assertThat(lens.getFirst().toArray()).isNotEqualTo(lens.getLast().toArray());
        }
    }

    /// A model with only the first blocks has the same weights in them, by the names of their random numbers.
    @Test
    void anEarlierBlockIsAShorterModel() {
        Gpt whole = new Gpt(GPT, RNG).eval();
        List<Tensor> lens = LogitLens.of(whole, () -> whole.forward(IDS));
        Gpt shorter = new Gpt(GPT.withLayers(2), RNG).eval();
        try (var pause = Autograd.noGrad()) { // the depth scales some initial weights
            shorter.namedParameters()
                    .forEach((name, weight) ->
                            weight.copyFrom(whole.namedParameters().get(name)));
        }
        double[] expected = shorter.forward(IDS).toArray();
        double[] seen = lens.get(1).toArray();
        for (int i = 0; i < expected.length; i++) {
            assertThat(seen[i]).isEqualTo(expected[i], within(1e-6));
        }
    }

    @Test
    void blocksAreNumbered() {
        assertThat(Blocks.of(new Gpt(GPT, RNG))).containsExactly("h.0", "h.1", "h.2");
        assertThatThrownBy(() -> Blocks.of(new Linear(2, 2, RNG)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("Linear has no blocks");
    }

    @Test
    void activationsAreMeasured() {
        Tensor y = Tensor.of(new double[] {1, -2, 0, 3, -4, 0}, 2, 3);
        Activations of = Activations.of(y);
        assertThat(of.mean()).isEqualTo(-2.0 / 6, within(1e-12));
        assertThat(of.rms()).isEqualTo(Math.sqrt(30.0 / 6), within(1e-12));
        assertThat(of.largest()).isEqualTo(4);
        assertThat(of.silent()).isEqualTo(2.0 / 3, within(1e-12)); // the second and the third channel

        Gpt gpt = new Gpt(GPT, RNG).eval();
        var seen = Activations.of(gpt, List.of("h.2", "h.0.mlp.c_fc", "h.0"), () -> gpt.forward(IDS));
        assertThat(seen.keySet()).containsExactly("h.2", "h.0.mlp.c_fc", "h.0");
        assertThat(seen.get("h.0.mlp.c_fc").silent()).isBetween(0.0, 1.0);
        assertThatThrownBy(() -> Activations.of(gpt, List.of("h.9"), () -> {}))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("h.9");
        assertThat(gpt.layer("h.0").isHooked()).isFalse();
    }
}
