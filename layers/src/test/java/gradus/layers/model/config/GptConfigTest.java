package gradus.layers.model.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import org.junit.jupiter.api.Test;

class GptConfigTest {
    private static final GptConfig CONFIG = new GptConfig(65, 64, 4, 4, 128, 0.1);

    /// The four published sizes.
    @Test
    void countsTheParametersOfGpt2() {
        assertThat(GptConfig.gpt2().gpt2ParameterCount()).isEqualTo(124_439_808L);
        assertThat(sized(24, 16, 1024).gpt2ParameterCount()).isEqualTo(354_823_168L);
        assertThat(sized(36, 20, 1280).gpt2ParameterCount()).isEqualTo(774_030_080L);
        assertThat(sized(48, 25, 1600).gpt2ParameterCount()).isEqualTo(1_557_611_200L);
    }

    private static GptConfig sized(int layers, int heads, int dim) {
        return new GptConfig(50_257, 1024, layers, heads, dim, 0.1);
    }

    @Test
    void changesOneFieldAtATime() {
        assertThat(CONFIG.withVocabSize(7)).isEqualTo(new GptConfig(7, 64, 4, 4, 128, 0.1));
        assertThat(CONFIG.withContext(7)).isEqualTo(new GptConfig(65, 7, 4, 4, 128, 0.1));
        assertThat(CONFIG.withLayers(7)).isEqualTo(new GptConfig(65, 64, 7, 4, 128, 0.1));
        assertThat(CONFIG.withHeads(8)).isEqualTo(new GptConfig(65, 64, 4, 8, 128, 0.1));
        assertThat(CONFIG.withDim(8)).isEqualTo(new GptConfig(65, 64, 4, 4, 8, 0.1));
        assertThat(CONFIG.withDropout(0)).isEqualTo(new GptConfig(65, 64, 4, 4, 128, 0));
    }

    @Test
    void badInput() {
        assertThatThrownBy(() -> GptConfig.gpt2().withDim(100).validate())
                .isInstanceOf(ConfigException.class) // BAD-INPUT 21
                .hasMessage("dim must be divisible by heads; got dim=100, heads=12");
        assertThatThrownBy(() -> CONFIG.withLayers(0)).isInstanceOf(ConfigException.class); // BAD-INPUT 24
        for (double dropout : new double[] {-0.1, 1, Double.NaN}) { // BAD-INPUT 25
            assertThatThrownBy(() -> CONFIG.withDropout(dropout))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("dropout");
        }
        assertThatThrownBy(() -> CONFIG.withVocabSize(0)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> CONFIG.withContext(0)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> CONFIG.withHeads(0)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> CONFIG.withDim(-4)).isInstanceOf(ConfigException.class);
    }
}
