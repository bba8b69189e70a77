package gradus.train.pretrained;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.GradusException;
import gradus.layers.Layer;
import gradus.layers.model.Mixtral;
import gradus.layers.model.RmsDecoder;
import gradus.layers.position.DividedFrequencies;
import gradus.layers.position.DynamicNtk;
import gradus.layers.position.Llama3Scaling;
import gradus.layers.position.LongRope;
import gradus.layers.position.PlainFrequencies;
import gradus.layers.position.PositionInterpolation;
import gradus.layers.position.RopeFrequencies;
import gradus.layers.position.Yarn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The frequencies that a config.json tells, each as transformers 5.18 takes it; ConfigVariantsTest compares what
/// models then compute.
class PublishedRopeTest {
    private static final String SIZES = "\"vocab_size\": 61, \"hidden_size\": 32, \"num_attention_heads\": 4,"
            + " \"num_key_value_heads\": 2, \"num_hidden_layers\": 1, \"intermediate_size\": 8,"
            + " \"max_position_embeddings\": 48";

    @TempDir
    private Path folder;

    private RmsDecoder model(String type, String more) throws IOException {
        Path file = folder.resolve("config.json");
        Files.writeString(
                file, "{\"model_type\": \"%s\", %s%s}".formatted(type, SIZES, more.isEmpty() ? "" : ", " + more));
        Layer model = HuggingFaceFolder.untrained(file);
        return (RmsDecoder) model;
    }

    private RopeFrequencies rope(String more) throws IOException {
        return model("llama", more).config().frequencies();
    }

    private static String scaling(String fields) {
        return "\"rope_scaling\": {" + fields + "}";
    }

    private void refused(String more, String key) {
        assertThatThrownBy(() -> rope(more))
                .isInstanceOf(GradusException.class)
                .hasMessageStartingWith(folder.resolve("config.json") + ": ")
                .hasMessageContaining(key);
    }

    @Test
    void x3_truncateOfYarnIsObeyed() throws IOException {
        String yarn = "\"rope_type\": \"yarn\", \"factor\": 4, \"original_max_position_embeddings\": 32";
        Yarn.Rotations rounded = new Yarn.Rotations(32, 1, true);
        Yarn.Rotations between = new Yarn.Rotations(32, 1, false);
        assertThat(rope(scaling(yarn))).isEqualTo(new Yarn(10_000, 4, 32, rounded));
        assertThat(rope(scaling(yarn + ", \"truncate\": true"))).isEqualTo(new Yarn(10_000, 4, 32, rounded));
        assertThat(rope(scaling(yarn + ", \"truncate\": false"))).isEqualTo(new Yarn(10_000, 4, 32, between));
        assertThat(rope(scaling(yarn + ", \"truncate\": null"))).isEqualTo(new Yarn(10_000, 4, 32, between));
    }

    @Test
    void x4_theLengthBesideTheObjectHasPriority() throws IOException {
        String beside = ", \"original_max_position_embeddings\": 24";
        String yarn = "\"rope_type\": \"yarn\", \"factor\": 4, \"original_max_position_embeddings\": 12";
        assertThat(rope("\"rope_parameters\": {" + yarn + "}" + beside)).isEqualTo(new Yarn(10_000, 4, 24));
        assertThat(rope(scaling(yarn) + beside)).isEqualTo(new Yarn(10_000, 4, 24));
        assertThat(rope(scaling("\"rope_type\": \"yarn\", \"factor\": 4"))).isEqualTo(new Yarn(10_000, 4, 48));
        String llama3 = "\"rope_type\": \"llama3\", \"factor\": 8, \"low_freq_factor\": 1, \"high_freq_factor\": 4,"
                + " \"original_max_position_embeddings\": 12";
        assertThat(rope(scaling(llama3) + beside)).isEqualTo(new Llama3Scaling(10_000, 8, 24));
    }

    @Test
    void x5_ropeScalingGoesBeforeRopeParameters() throws IOException {
        String parameters = "\"rope_parameters\": {\"rope_type\": \"linear\", \"factor\": 3, \"rope_theta\": 500}";
        String both = parameters + ", " + scaling("\"rope_type\": \"linear\", \"factor\": 2");
        assertThat(rope(both)).isEqualTo(new PositionInterpolation(10_000, 2));
        assertThat(rope(parameters + ", " + scaling(""))).isEqualTo(new PositionInterpolation(500, 3));
        assertThat(rope(parameters + ", \"rope_scaling\": null")).isEqualTo(new PositionInterpolation(500, 3));
        assertThat(rope(parameters + ", \"rope_theta\": 77")).isEqualTo(new PositionInterpolation(500, 3));
    }

    @Test
    void x6_mixtralsDefaults() throws IOException {
        Mixtral mixtral = (Mixtral) model("mixtral", "\"head_dim\": null");
        assertThat(mixtral.config().frequencies()).isEqualTo(new PlainFrequencies(1_000_000));
        assertThat(mixtral.config().eps()).isEqualTo(1e-5);
        assertThat(mixtral.experts()).isEqualTo(8);
        assertThat(mixtral.topK()).isEqualTo(2);
        assertThat(model("llama", "").config().frequencies()).isEqualTo(new PlainFrequencies(10_000));
        assertThat(model("llama", "").config().eps()).isEqualTo(1e-6);
        assertThat(model("qwen2", "").config().eps()).isEqualTo(1e-6);
        assertThat(model("mistral", "").config().reach().window()).isEqualTo(4096);
    }

    @ParameterizedTest
    @ValueSource(strings = {"linear", "dynamic", "llama3", "yarn"})
    void f10_aMissingFactorIsRefused(String type) {
        String llama3 = type.equals("llama3") ? ", \"low_freq_factor\": 1, \"high_freq_factor\": 4" : "";
        refused(scaling("\"rope_type\": \"%s\"%s".formatted(type, llama3)), "factor");
        if (!type.equals("yarn")) { // for which transformers takes the ratio of the lengths
            refused(scaling("\"rope_type\": \"%s\", \"factor\": null%s".formatted(type, llama3)), "factor");
        }
    }

    @Test
    void f10_aNullFactorOfYarnIsTheRatioOfTheLengths() throws IOException {
        assertThat(rope(scaling("\"rope_type\": \"yarn\", \"factor\": null, \"original_max_position_embeddings\": 12")))
                .isEqualTo(new Yarn(10_000, 4, 12));
    }

    @Test
    void f10_factorsOfAttention() throws IOException {
        String yarn = "\"rope_type\": \"yarn\", \"factor\": 4, \"original_max_position_embeddings\": 12, ";
        assertThat(rope(scaling(yarn + "\"attention_factor\": 0.75")).factor()).isEqualTo(0.75);
        assertThat(rope(scaling(yarn + "\"mscale\": 0.7, \"mscale_all_dim\": 1.2"))
                        .factor())
                .isEqualTo((1 + 0.1 * 0.7 * Math.log(4)) / (1 + 0.1 * 1.2 * Math.log(4)));
        assertThat(rope(scaling(yarn + "\"mscale\": 0.7")).factor()).isEqualTo(1 + 0.1 * Math.log(4));
        assertThat(rope(scaling(yarn + "\"beta_fast\": 4, \"beta_slow\": 0.5")))
                .isEqualTo(new Yarn(10_000, 4, 12, new Yarn.Rotations(4, 0.5)));
    }

    @Test
    void f10_dynamicAndLongropeAreRead() throws IOException {
        RmsDecoder dynamic = model("llama", scaling("\"rope_type\": \"dynamic\", \"factor\": 4"));
        assertThat(dynamic.config().frequencies()).isEqualTo(new DynamicNtk(10_000, 4, 48));
        assertThat(dynamic.context()).isEqualTo(4 * 48);
        String lists = "\"rope_type\": \"longrope\", \"original_max_position_embeddings\": 12,"
                + " \"short_factor\": [1, 1, 1, 1], \"long_factor\": [1, 2, 3, 4]";
        LongRope.Divisors divisors = new LongRope.Divisors(List.of(1.0, 1.0, 1.0, 1.0), List.of(1.0, 2.0, 3.0, 4.0));
        assertThat(rope(scaling(lists))).isEqualTo(new LongRope(10_000, 4, 12, divisors));
        assertThat(rope(scaling(lists + ", \"factor\": 8"))).isEqualTo(new LongRope(10_000, 8, 12, divisors));
        assertThat(rope(scaling(lists + ", \"attention_factor\": 1.5")).factor())
                .isEqualTo(1.5);
    }

    /// A GGUF file tells any divisors, config.json two lists of them.
    @Test
    void dividedFrequenciesAreWrittenAsTwoEqualLists() throws IOException {
        DividedFrequencies divided = new DividedFrequencies(10_000, List.of(1.0, 1.5, 2.0, 8.0));
        RmsDecoder model = model("llama", "");
        Path out = folder.resolve("out");
        HuggingFaceFolder.save(
                out,
                new gradus.layers.model.Llama(model.config().withFrequencies(divided), gradus.tensor.random.Rng.of(1)));
        assertThat(HuggingFaceFolder.loadLlama(out).config().frequencies()).isEqualTo(divided);
    }
}
