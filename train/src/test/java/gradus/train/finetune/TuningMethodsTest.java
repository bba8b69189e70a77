package gradus.train.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.CheckpointMismatchException;
import gradus.error.ConfigException;
import gradus.error.UsageException;
import gradus.layers.Linear;
import gradus.layers.adapter.AdapterConfig;
import gradus.layers.adapter.LoraConfig;
import gradus.layers.adapter.Quantization;
import gradus.layers.adapter.Targets;
import gradus.layers.model.Llama;
import gradus.layers.model.config.LlamaConfig;
import gradus.layers.model.prompt.PromptTuned;
import gradus.layers.prompt.PromptTable;
import gradus.tensor.quant.QuantConfig;
import gradus.tensor.random.Rng;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What is trained and what is told by the methods that train all of a model or an adapter.
class TuningMethodsTest {
    private static final LoraConfig LORA =
            LoraConfig.of(Targets.named(List.of("q_proj"))).withR(2);

    private static Llama base() {
        LlamaConfig sizes = LlamaConfig.of(64, 2, 1)
                .withHidden(64)
                .withVocabSize(9)
                .withContext(8)
                .withTied(true);
        return new Llama(sizes, Rng.of(1)).eval();
    }

    @Test
    void fullTrainsEverything() {
        Llama base = base();
        Tuned tuned = new FullTuning().on(base, Rng.of(2));
        assertThat(tuned.model()).isSameAs(base);
        assertThat(tuned.trained()).isEqualTo(base.namedParameters());
        assertThat(tuned.baseParameters()).isEqualTo(base.parameterCount());
        assertThat(tuned.trainedParameters()).isEqualTo(base.parameterCount());
        assertThat(tuned.notes()).isEmpty();
        assertThat(tuned.adapter()).isNull();
        assertThat(new FullTuning().withNewTokens(9, 11)).isEqualTo(new FullTuning());
        // what cannot be saved is not trained
        PromptTuned unknown = new PromptTuned(base(), new PromptTable(2, 64, Rng.of(3)));
        assertThatThrownBy(() -> new FullTuning().on(unknown, Rng.of(2)))
                .isInstanceOf(CheckpointMismatchException.class)
                .hasMessageContaining("is no model that Hugging Face's libraries know");
        Quantization.quantize(base, QuantConfig.Q8_0);
        assertThatThrownBy(() -> new FullTuning().on(base, Rng.of(2)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("is quantised, and quantised weights cannot be trained");
    }

    @Test
    void anAdapterTrainsItselfAlone() {
        Llama base = base();
        long parameters = base.parameterCount();
        Tuned tuned = new AdapterTuning(LORA, 1).on(base, Rng.of(2));
        assertThat(tuned.baseParameters()).isEqualTo(parameters);
        assertThat(tuned.trained().keySet()).isNotEmpty().allMatch(name -> name.contains("lora"));
        assertThat(tuned.trainedParameters()).isEqualTo(2 * (64 + 64)); // rank 2, of a matrix of 64 by 64
        assertThat(tuned.adapter().names()).containsExactly(AdapterTuning.NAME);
        assertThat(tuned.notes()).isEmpty();
        assertThat(new AdapterTuning(LORA, 1).added()).isEmpty();
    }

    /// Q8_0 takes 34 bytes for 32 weights, 8.5 bits a weight.
    @Test
    void aQuantisedBaseTellsItsBits() {
        Llama base = base();
        long parameters = base.parameterCount();
        Tuned tuned = new AdapterTuning(LORA, 1, QuantConfig.Q8_0).on(base, Rng.of(2));
        assertThat(tuned.notes()).containsExactly("quantised to q8_0: 7 linear layers, 8.500 bits a weight");
        assertThat(tuned.baseParameters()).isEqualTo(parameters);
        Llama other = base();
        Quantization.quantize(other, QuantConfig.Q8_0, List.of("q_proj", "lm_head"));
        assertThat(new AdapterTuning(LORA, 1, QuantConfig.Q8_0)
                        .on(other, Rng.of(2))
                        .notes())
                .containsExactly("quantised to q8_0: 1 linear layers, 8.500 bits a weight; 6 were quantised already and"
                        + " stay as they are");
    }

    @Test
    void whatIsTrainedAsAWholeIsNotQuantised() {
        Llama base = base();
        new AdapterTuning(LORA.withModulesToSave("down_proj"), 1, QuantConfig.Q8_0).on(base, Rng.of(2));
        assertThat(Quantization.matrices(base)).hasSize(6);
        base.namedLayers(Linear.class)
                .forEach((name, linear) -> assertThat(linear.quantized() == null)
                        .as(name)
                        .isEqualTo(name.endsWith("down_proj") || name.equals("lm_head")));
    }

    @Test
    void newTokensGetRowsWhereTheMethodHasSome() {
        TuningMethod more = new AdapterTuning(LORA, 2, QuantConfig.NF4).withNewTokens(9, 12);
        assertThat(more).isEqualTo(new AdapterTuning(LORA, 2, QuantConfig.NF4, List.of(9, 10, 11)));
        TuningMethod prompt = new PromptTuning(4, new PromptStart.Random());
        assertThatThrownBy(() -> prompt.withNewTokens(9, 12))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("which this method does not learn");
        Llama larger = (Llama) LargerVocabulary.of(base(), 12, Rng.of(3));
        Tuned tuned = new AdapterTuning(LORA, 1).withNewTokens(9, 12).on(larger, Rng.of(2));
        assertThat(tuned.trainedParameters()).isEqualTo(2 * (64 + 64) + 3 * 64);
        AdapterConfig named = LORA.withTrainableTokens(Map.of("", List.of(3)));
        assertThat(new AdapterTuning(named, 1)
                        .withNewTokens(9, 12)
                        .on(LargerVocabulary.of(base(), 12, Rng.of(3)), Rng.of(2))
                        .trainedParameters())
                .isEqualTo(2 * (64 + 64) + 4 * 64);
        assertThat(new AdapterTuning(named, 1).on(base(), Rng.of(2)).trainedParameters())
                .isEqualTo(2 * (64 + 64) + 64);
    }
}
