package gradus.train.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import gradus.error.CorruptCheckpointException;
import gradus.layers.model.Llama;
import gradus.layers.model.config.LlamaConfig;
import gradus.layers.position.NtkAware;
import gradus.tensor.random.Rng;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LongContextTest {
    @TempDir
    Path folder;

    @Test
    void theScaleIsRoundedUp() {
        assertThat(LongContext.of(16, 8)).isEqualTo(new LongContext(16, 2));
        assertThat(LongContext.of(17, 8)).isEqualTo(new LongContext(17, 3));
        assertThat(LongContext.of(9, 8)).isEqualTo(new LongContext(9, 2));
        assertThatThrownBy(() -> LongContext.of(8, 8))
                .isInstanceOf(ConfigException.class)
                .hasMessage("the new context must be above that of the base, which is 8; got 8");
    }

    @Test
    void sizes() {
        assertThat(new LongContext(1, 1).scale()).isEqualTo(1);
        assertThatThrownBy(() -> new LongContext(0, 2)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new LongContext(8, 0.5)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new LongContext(8, Double.NaN)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new LongContext(8, Double.POSITIVE_INFINITY)).isInstanceOf(ConfigException.class);
    }

    @Test
    void otherPositionsCannotBeStretched() {
        Llama base = new Llama(
                LlamaConfig.of(16, 2, 1).withVocabSize(9).withContext(8).withFrequencies(new NtkAware(10_000, 2)),
                Rng.of(1));
        assertThatThrownBy(() -> new LongContext(16, 2).of(base))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("needs plain or interpolated positions; the base has NtkAware");
    }

    @Test
    void itsFileComesBack() throws IOException {
        assertThat(LongContext.isIn(folder)).isFalse();
        new LongContext(48, 2.5).write(folder);
        assertThat(LongContext.isIn(folder)).isTrue();
        assertThat(LongContext.read(folder)).isEqualTo(new LongContext(48, 2.5));
        for (String json : new String[] {
            "{}",
            "{'max_position_embeddings': 48.5, 'rope_scaling': {'rope_type': 'linear', 'factor': 2}}",
            "{'max_position_embeddings': '48', 'rope_scaling': {'rope_type': 'linear', 'factor': 2}}",
            "{'max_position_embeddings': 4800000000, 'rope_scaling': {'rope_type': 'linear', 'factor': 2}}",
            "{'max_position_embeddings': 48, 'rope_scaling': {'rope_type': 'linear', 'factor': '2'}}",
            "{'max_position_embeddings': 48, 'rope_scaling': {'rope_type': 'yarn', 'factor': 2}}",
            "{'max_position_embeddings': 48, 'rope_scaling': {'factor': 2}}"
        }) {
            corrupt(json, "must tell max_position_embeddings and rope_scaling of the type linear");
        }
        corrupt(
                "{'max_position_embeddings': 0, 'rope_scaling': {'rope_type': 'linear', 'factor': 2}}",
                "context must be at least 1; got 0");
        corrupt(
                "{'max_position_embeddings': 48, 'rope_scaling': {'rope_type': 'linear', 'factor': 0.5}}",
                "scale must be at least 1; got 0.5");
    }

    private void corrupt(String json, String message) throws IOException {
        Path file = folder.resolve(LongContext.FILE);
        Files.writeString(file, json.replace('\'', '"'));
        assertThatThrownBy(() -> LongContext.read(folder))
                .as(json)
                .isInstanceOf(CorruptCheckpointException.class)
                .hasMessageStartingWith(file + ": ")
                .hasMessageContaining(message);
    }
}
