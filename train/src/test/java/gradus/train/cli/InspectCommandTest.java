package gradus.train.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InspectCommandTest {
    private static final String LLAMA_3_70B = """
            {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "vocab_size": 128256, "hidden_size": 8192,
             "intermediate_size": 28672, "num_hidden_layers": 80, "num_attention_heads": 64, "num_key_value_heads": 8,
             "max_position_embeddings": 8192, "rms_norm_eps": 1e-05, "rope_theta": 500000.0, "torch_dtype": "bfloat16",
             "bos_token_id": 128000, "eos_token_id": 128001, "tie_word_embeddings": false}
            """;

    @TempDir
    private Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String... arguments) {
        out.reset();
        err.reset();
        return Main.run(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                arguments);
    }

    /// 70 thousand million parameters would take 263 GiB; nothing of that is allocated.
    @Test
    void t2_aLlamaOf70BIsShownAsATree() throws IOException {
        Files.writeString(folder.resolve("config.json"), LLAMA_3_70B);
        assertThat(run("inspect", folder.toString())).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .startsWith("Llama, 70,553,706,496 parameters, 262.83 GiB in float32")
                .contains(
                        "embed_tokens.weight",
                        "(128256, 8192) 1,050,673,152",
                        "0 … 79, each",
                        "855,654,400, together 68,452,352,000",
                        "q_proj.weight",
                        "(8192, 8192) 67,108,864",
                        "(28672, 8192) 234,881,024",
                        "lm_head.weight")
                .hasLineCount(18);
    }

    @Test
    void faultsAreTold() throws IOException {
        assertThat(run("inspect", folder.toString())).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("config.json");
        Files.writeString(folder.resolve("config.json"), LLAMA_3_70B.replace(": 80,", ": 2000000,"));
        assertThat(run("inspect", folder.toString())).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("config.json: layers", "2000000");
        Files.writeString(
                folder.resolve("config.json"),
                LLAMA_3_70B.replace("\"hidden_size\": 8192", "\"hidden_size\": 2147483647"));
        assertThat(run("inspect", folder.toString())).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("config.json");
        Files.writeString(folder.resolve("config.json"), "{");
        assertThat(run("inspect", folder.toString())).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("config.json:1:", "it ends too early");
    }
}
