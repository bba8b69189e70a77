package gradus.train.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.CheckpointMismatchException;
import gradus.error.CorruptCheckpointException;
import gradus.layers.Linear;
import gradus.layers.adapter.Quantization;
import gradus.layers.model.Gpt;
import gradus.layers.model.config.GptConfig;
import gradus.tensor.Autograd;
import gradus.tensor.Tensor;
import gradus.tensor.quant.QuantConfig;
import gradus.tensor.random.Rng;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a resumed training asks of its base and options.
class BaseFingerprintTest {
    private static final List<String> OPTIONS = List.of("--method=lora", "--rank=4");

    @TempDir
    Path folder;

    private Path file;
    private Path config;

    @BeforeEach
    void names() {
        file = folder.resolve("base.json");
        config = folder.resolve("config.json");
    }

    /// A model whose table is trained and whose other parameters are frozen.
    private static Gpt model(int dim) {
        Gpt gpt = new Gpt(new GptConfig(5, 6, 1, 2, dim, 0), Rng.of(1));
        gpt.namedParameters().forEach((name, each) -> {
            if (!name.equals("wte.weight")) {
                each.freeze();
            }
        });
        return gpt;
    }

    private static Tensor parameter(Gpt gpt, String name) {
        return gpt.namedParameters().get(name);
    }

    private void require(Gpt gpt, List<String> options) {
        BaseFingerprint.of(gpt, options).require(file, config);
    }

    private void another(Gpt gpt, String difference) {
        assertThatThrownBy(() -> require(gpt, OPTIONS))
                .isInstanceOf(CheckpointMismatchException.class)
                .hasMessage(file + ": the training was begun with another base: " + difference
                        + "; give it the same base, or start anew");
    }

    @Test
    void theSameBaseAndOptionsAreTaken() {
        BaseFingerprint.of(model(4), OPTIONS).write(file);
        Gpt same = model(4);
        Tensor table = parameter(same, "wte.weight");
        try (var pause = Autograd.noGrad()) {
            table.copyFrom(table.mul(2)); // is trained, so it may differ
        }
        require(same, OPTIONS);
        assertThat(BaseFingerprint.of(same, OPTIONS).frozen()).doesNotContainKey("wte.weight");
    }

    @Test
    void otherOptionsAreRefused() {
        BaseFingerprint.of(model(4), OPTIONS).write(file);
        for (List<String> other :
                List.of(List.of("--method=lora"), List.of("--rank=4", "--method=lora"), List.<String>of())) {
            assertThatThrownBy(() -> require(model(4), other))
                    .isInstanceOf(CheckpointMismatchException.class)
                    .hasMessageStartingWith(config + ": its options are not those");
        }
    }

    @Test
    void anotherBaseIsRefusedWithItsFirstDifference() {
        BaseFingerprint.of(model(4), OPTIONS).write(file);
        String bias = "h.0.mlp.c_proj.bias";
        Gpt numbers = model(4);
        double[] changed = new double[4];
        changed[3] = 1e-30;
        parameter(numbers, bias).set(changed);
        another(numbers, bias + " has other numbers");
        another(model(6), "wpe.weight was [6, 4] and is [6, 6]");
        Gpt more = model(4);
        parameter(more, "wte.weight").freeze();
        another(more, "it had no frozen wte.weight");
        Gpt fewer = model(4);
        parameter(fewer, bias).requireGrad();
        another(fewer, "it has no frozen " + bias);
    }

    /// A quantised matrix is told by the numbers that it stands for and by its format.
    @Test
    void quantisedMatricesCount() {
        Gpt nf4 = model(64);
        Quantization.quantize(nf4, QuantConfig.NF4);
        assertThat(nf4.namedLayers(Linear.class).values()).anyMatch(linear -> linear.quantized() != null);
        BaseFingerprint.of(nf4, OPTIONS).write(file);
        require(nf4, OPTIONS);
        Gpt twice = model(64);
        Quantization.quantize(twice, QuantConfig.NF4_DOUBLE);
        assertThatThrownBy(() -> require(twice, OPTIONS)).isInstanceOf(CheckpointMismatchException.class);
        assertThatThrownBy(() -> require(model(64), OPTIONS)).isInstanceOf(CheckpointMismatchException.class);
        Gpt last = model(64);
        Tensor weight = parameter(last, "h.0.mlp.c_proj.weight");
        double[] values = weight.toArray();
        values[values.length - 1] = 9; // in the last row
        weight.set(values);
        Quantization.quantize(last, QuantConfig.NF4);
        another(last, "h.0.mlp.c_proj.weight has other numbers");
    }

    @Test
    void aDamagedFileIsCorrupt() throws IOException {
        BaseFingerprint.of(model(4), OPTIONS).write(file);
        String json = Files.readString(file);
        Files.writeString(file, json.replace("\"frozen\"", "\"melted\""));
        assertThatThrownBy(() -> require(model(4), OPTIONS))
                .isInstanceOf(CorruptCheckpointException.class)
                .hasMessageContaining("frozen must be an object");
        Files.writeString(file, json.replaceAll("(?s)\"frozen\".*", "\"frozen\": 3}"));
        assertThatThrownBy(() -> require(model(4), OPTIONS)).isInstanceOf(CorruptCheckpointException.class);
        Files.writeString(file, json.replace("\"options\"", "\"opinions\""));
        assertThatThrownBy(() -> require(model(4), OPTIONS)).hasMessageStartingWith(config + ": its options");
    }
}
