package gradus.layers.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import gradus.layers.model.config.BertConfig;
import gradus.layers.model.config.GptConfig;
import gradus.layers.model.config.LlamaConfig;
import gradus.tensor.memory.BufferPool;
import gradus.tensor.random.Rng;
import org.junit.jupiter.api.Test;

/// Models of published sizes, built: their parameters take no memory until somebody asks for an element.
class PublishedSizesTest {

    @Test
    void t2_modelsOfPublishedSizesAreBuiltAndCounted() {
        long before = BufferPool.statistics().bytesHeld();
        assertThat(new Llama(LlamaConfig.llama3Of70B(), Rng.of(1)).parameterCount())
                .isEqualTo(70_553_706_496L);
        assertThat(new Llama(LlamaConfig.llama2Of70B(), Rng.of(1)).parameterCount())
                .isEqualTo(68_976_648_192L);
        assertThat(new Qwen2(LlamaConfig.qwen2Of72B(), Rng.of(1)).parameterCount())
                .isEqualTo(72_706_203_648L);
        assertThat(new Mixtral(LlamaConfig.mixtralOf8x7B(), 8, 2, Rng.of(1)).parameterCount())
                .isEqualTo(46_702_792_704L);
        assertThat(new Gpt(GptConfig.gpt2(), Rng.of(1)).parameterCount()).isEqualTo(124_439_808);
        assertThat(new Bert(BertConfig.base(), Rng.of(1)).parameterCount()).isEqualTo(109_482_240);
        assertThat(BufferPool.statistics().bytesHeld() - before).isLessThan(1 << 20);
    }

    @Test
    void r4_tooManyBlocksAreRefusedBeforeAnyIsMade() {
        for (int layers : new int[] {10_001, 2_000_000, Integer.MAX_VALUE, 0, -1}) {
            assertThatThrownBy(() -> new GptConfig(65, 64, layers, 4, 128, 0))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContainingAll("layers", "" + layers);
            assertThatThrownBy(() -> LlamaConfig.of(64, 4, layers)).isInstanceOf(ConfigException.class);
            assertThatThrownBy(() -> BertConfig.base().withLayers(layers)).isInstanceOf(ConfigException.class);
        }
    }
}
