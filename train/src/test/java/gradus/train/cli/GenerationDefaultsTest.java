package gradus.train.cli;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.train.pretrained.GenerationConfig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What generation_config.json says is what `gradus sample` does unless it is told otherwise.
class GenerationDefaultsTest {
    @TempDir
    private Path folder;

    @BeforeEach
    void copy() throws IOException {
        Path golden =
                Path.of(GenerationConfig.class.getResource("llama_tokenizer").getPath());
        try (Stream<Path> files = Files.list(golden)) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        }
    }

    private String sample(String generation, String... more) throws IOException {
        Files.writeString(folder.resolve(GenerationConfig.FILE), generation);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        String[] arguments = Stream.concat(
                        Stream.of("sample", "--run", folder.toString(), "--prompt", "the whale"), Stream.of(more))
                .toArray(String[]::new);
        int code = Main.run(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                arguments);
        assertThat(code).as(err.toString(StandardCharsets.UTF_8)).isZero();
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void f7_settingsOfGenerationConfigAreTheDefaults() throws IOException {
        String greedy = sample("{\"do_sample\": false, \"max_new_tokens\": 12}", "--seed", "1");
        assertThat(sample("{\"do_sample\": false, \"max_new_tokens\": 12}", "--seed", "2"))
                .isEqualTo(greedy);
        assertThat(sample("{}", "--temperature", "0", "--tokens", "12")).isEqualTo(greedy);
        String hot = "{\"do_sample\": true, \"temperature\": 5.0, \"max_new_tokens\": 12}";
        assertThat(sample(hot, "--seed", "1")).isNotEqualTo(sample(hot, "--seed", "2"));
        assertThat(sample(hot, "--temperature", "0")).isEqualTo(greedy); // the command line goes first
        assertThat(sample("{\"do_sample\": false, \"max_new_tokens\": 12}", "--tokens", "0")
                        .strip())
                .isEqualTo("the whale");
        assertThat(sample("{\"num_beams\": 2, \"max_new_tokens\": 12}"))
                .isEqualTo(sample("{\"max_new_tokens\": 12}", "--beams", "2"));
        String first = greedy.substring("the whale".length()).strip().substring(0, 1);
        assertThat(sample("{\"do_sample\": false, \"max_new_tokens\": 12, \"stop_strings\": [\"%s\"]}"
                                .formatted(first.replace("\\", "\\\\").replace("\"", "\\\"")))
                        .length())
                .isLessThan(greedy.length());
    }
}
