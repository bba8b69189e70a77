package gradus.train.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.CheckpointMismatchException;
import gradus.error.CorruptCheckpointException;
import gradus.layers.Layer;
import gradus.layers.Linear;
import gradus.layers.model.Gpt;
import gradus.layers.model.config.GptConfig;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightsTest {
    private static final GptConfig SIZE = new GptConfig(7, 4, 1, 2, 8, 0);

    @TempDir
    private Path folder;

    private Path file;
    private final Gpt saved = new Gpt(SIZE, Rng.of(1));
    private final Gpt other = new Gpt(SIZE, Rng.of(2));

    @BeforeEach
    void save() {
        file = folder.resolve("model.safetensors");
        Weights.save(file, saved);
    }

    @Test
    void loadsWhatItSaved() {
        Weights.load(file, other);
        saved.state()
                .forEach((name, tensor) ->
                        assertThat(other.state().get(name).toArray()).as(name).isEqualTo(tensor.toArray()));
        assertThat(other.parameters()).allMatch(Tensor::requiresGrad);
    }

    @Test
    void buffersAreStateToo() {
        Layer counting = new Layer() {
            {
                buffer("count", Tensor.scalar(3));
            }
        };
        Weights.save(file, counting);
        assertThat(Safetensors.open(file).names()).containsExactly("count");
    }

    private void refused(Layer layer, String... reasons) {
        double[] before = layer.parameters().getFirst().toArray();
        var thrown = assertThatThrownBy(() -> Weights.load(file, layer))
                .isInstanceOf(CheckpointMismatchException.class)
                .hasMessageContaining(file.toString());
        for (String reason : reasons) {
            thrown.hasMessageContaining(reason);
        }
        assertThat(layer.parameters().getFirst().toArray()).isEqualTo(before);
    }

    @Test
    void anotherModelIsRefused() {
        refused(
                new Linear(2, 2, Rng.of(1)),
                "lacks bias, weight",
                "h.0.attn.c_attn.bias",
                "and 13 more"); // BAD-INPUT 131
        refused(new Gpt(SIZE.withLayers(2), Rng.of(2)), "lacks h.1."); // BAD-INPUT 131
        refused(new Gpt(SIZE.withContext(5), Rng.of(2)), "wpe.weight", "[4, 8]", "[5, 8]"); // BAD-INPUT 132
        refused(new Gpt(SIZE.withVocabSize(9), Rng.of(2)), "wte.weight", "[7, 8]", "[9, 8]"); // BAD-INPUT 133
        other.to(DType.FLOAT64);
        refused(other, "FLOAT32", "FLOAT64"); // BAD-INPUT 136
    }

    @Test
    void numbersThatAreNotFiniteAreRefused() { // BAD-INPUT 130
        Tensor last = saved.namedParameters().get("ln_f.bias");
        last.set(new double[] {0, 0, 0, Double.NaN, 0, 0, 0, 0});
        Weights.save(file, saved);
        Map<String, Tensor> state = other.state();
        double[] before = state.get("wte.weight").toArray();
        assertThatThrownBy(() -> Weights.load(file, other))
                .isInstanceOf(CorruptCheckpointException.class)
                .hasMessageContaining("ln_f.bias");
        assertThat(state.get("wte.weight").toArray()).isEqualTo(before); // nothing changed
        Weights.loadAsItIs(Safetensors.open(file), other); // asked for
        assertThat(other.state().get("ln_f.bias").get(3)).isNaN();
    }
}
