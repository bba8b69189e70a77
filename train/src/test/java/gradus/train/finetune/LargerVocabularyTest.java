package gradus.train.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.layers.adapter.Quantization;
import gradus.layers.model.Gpt;
import gradus.layers.model.LanguageModel;
import gradus.layers.model.Llama;
import gradus.layers.model.config.GptConfig;
import gradus.layers.model.config.LlamaConfig;
import gradus.tensor.Autograd;
import gradus.tensor.Tensor;
import gradus.tensor.quant.QuantConfig;
import gradus.tensor.random.Rng;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class LargerVocabularyTest {
    private static final int V = 5;
    private static final int C = 4;
    private static final int LARGER = 4005;

    /// A table far from 0: then a deviation that forgot the mean would be far too large.
    private static Gpt gpt() {
        Gpt gpt = new Gpt(new GptConfig(V, 6, 1, 2, C, 0), Rng.of(1)).eval();
        try (var pause = Autograd.noGrad()) {
            Tensor table = gpt.namedParameters().get("wte.weight"); // (V, C)
            double[] values = new double[V * C];
            for (int i = 0; i < values.length; i++) {
                values[i] = 10 * (i % C + 1) + i / C; // column c: 10·(c + 1) + 0 … 4
            }
            table.set(values);
        }
        return gpt;
    }

    /// New rows scatter round the column's mean by a twentieth of its deviation, `√2` for 0 … 4.
    @Test
    void aNewTokenIsNearlyTheMeanOne() {
        LanguageModel larger = LargerVocabulary.of(gpt(), LARGER, Rng.of(2));
        double[] table = larger.namedParameters().get("wte.weight").toArray();
        assertThat(table).hasSize(LARGER * C);
        double deviation = 0.05 * Math.sqrt(2);
        int rows = LARGER - V;
        for (int c = 0; c < C; c++) {
            double mean = 10 * (c + 1) + 2;
            double sum = 0;
            double squares = 0;
            for (int row = V; row < LARGER; row++) {
                double off = table[row * C + c] - mean;
                sum += off;
                squares += off * off;
            }
            // Six standard errors of a mean and of a deviation of 4000 normal numbers.
            assertThat(sum / rows).isEqualTo(0, within(6 * deviation / Math.sqrt(rows)));
            assertThat(Math.sqrt(squares / rows)).isEqualTo(deviation, within(6 * deviation / Math.sqrt(2.0 * rows)));
        }
    }

    @Test
    void whatWasThereStays() {
        Gpt gpt = gpt();
        LanguageModel larger = LargerVocabulary.of(gpt, V + 2, Rng.of(2));
        gpt.namedParameters().forEach((name, before) -> {
            double[] after = larger.namedParameters().get(name).toArray();
            double[] known = before.toArray();
            assertThat(Arrays.copyOf(after, known.length)).as(name).isEqualTo(known);
        });
        assertThat(larger.vocabSize()).isEqualTo(V + 2);
    }

    /// Rows of a quantised head cannot be added to; those of other quantised matrices need not be.
    @Test
    void aQuantisedHeadCannotGrow() {
        LlamaConfig sizes = LlamaConfig.of(64, 2, 1)
                .withHidden(64)
                .withVocabSize(V)
                .withContext(8)
                .withTied(false);
        Llama llama = new Llama(sizes, Rng.of(1));
        Quantization.quantize(llama, QuantConfig.Q8_0);
        LanguageModel larger = LargerVocabulary.of(llama, V + 1, Rng.of(2));
        assertThat(Quantization.matrices(larger)).isEqualTo(Quantization.matrices(llama));
        Quantization.quantize(llama, QuantConfig.Q8_0, List.of());
        assertThatThrownBy(() -> LargerVocabulary.of(llama, V + 1, Rng.of(2)))
                .isInstanceOf(ConfigException.class)
                .hasMessage("tokens cannot be added to a model whose head is quantised");
    }
}
