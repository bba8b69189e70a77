package gradus.train.pretrained;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.CheckpointMismatchException;
import gradus.error.CorruptCheckpointException;
import gradus.layers.model.Llama;
import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.format.Tokenizers;
import gradus.train.checkpoint.CheckpointJson;
import gradus.train.generate.Sampling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GenerationConfigTest {
    @TempDir
    private Path folder;

    private GenerationConfig of(String config, String generation) throws IOException {
        Files.writeString(folder.resolve("config.json"), config);
        if (generation != null) {
            Files.writeString(folder.resolve(GenerationConfig.FILE), generation);
        }
        return GenerationConfig.read(folder);
    }

    /// What LlamaConfig, Qwen2Config, GPT2Config and BertConfig of transformers 5.18 have where a file is silent.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "llama   |     1 | 2",
                "mistral |     1 | 2",
                "mixtral |     1 | 2",
                "gpt2    | 50256 | 50256",
                "qwen2   |       | ",
                "bert    |       | ",
            })
    void f7_aSilentConfigHasTheTokensOfItsType(String type, Integer bos, Integer eos) throws IOException {
        GenerationConfig read = of("{\"model_type\": \"%s\"}".formatted(type), null);
        assertThat(read.bos().stream().boxed().findFirst().orElse(null)).isEqualTo(bos);
        assertThat(read.eos().stream().findFirst().orElse(null)).isEqualTo(eos);
        GenerationConfig none =
                of("{\"model_type\": \"%s\", \"eos_token_id\": null, \"bos_token_id\": null}".formatted(type), null);
        assertThat(none.eos()).isEmpty();
        assertThat(none.bos()).isEmpty();
    }

    @Test
    void f7_allEndsOfBothFilesEndAText() throws IOException {
        GenerationConfig read = of(
                "{\"model_type\": \"llama\", \"eos_token_id\": [269, 267], \"bos_token_id\": 5, \"pad_token_id\": -1}",
                "{\"eos_token_id\": [267, 270], \"pad_token_id\": 3}");
        assertThat(read.eos()).containsExactly(267, 270, 269);
        assertThat(read.ends(269)).isTrue();
        assertThat(read.ends(268)).isFalse();
        assertThat(read.bos()).hasValue(5);
        assertThat(read.pad()).hasValue(3);
    }

    @Test
    void f7_endsOfAFolderAreCarriedToTheNext() throws IOException {
        Path golden = Path.of(
                GenerationConfigTest.class.getResource("llama_tokenizer").getPath());
        Llama model = HuggingFaceFolder.loadLlama(golden);
        Tokenizer tokenizer = Tokenizers.load(golden);
        GenerationConfig given = of(
                "{\"model_type\": \"llama\", \"eos_token_id\": [269, 267], \"bos_token_id\": 268, \"pad_token_id\": 1}",
                "{\"do_sample\": true, \"temperature\": 0.6, \"top_p\": 0.9, \"max_new_tokens\": 7,"
                        + " \"stop_strings\": [\"\\n\\n\"]}");
        Path next = folder.resolve("next");
        HuggingFaceFolder.save(next, model, tokenizer, given);
        assertThat(GenerationConfig.read(next)).isEqualTo(given);
        assertThat(CheckpointJson.read(next.resolve("config.json"))
                        .get("eos_token_id")
                        .toString())
                .isEqualTo("[269,267]");
        assertThat(CheckpointJson.read(next.resolve("tokenizer_config.json"))
                        .get("eos_token")
                        .stringValue())
                .isEqualTo("<|endoftext|>"); // as the tokenizer's own file says
        Files.delete(next.resolve(GenerationConfig.FILE)); // config.json alone says the tokens too
        assertThat(GenerationConfig.read(next).eos()).containsExactly(269, 267);
    }

    @Test
    void settingsAreThoseOfTransformers() throws IOException {
        assertThat(of("{}", "{}").sampling()).isEmpty();
        assertThat(of("{}", "{\"do_sample\": true}").sampling())
                .contains(Sampling.defaults().withTopK(50));
        assertThat(of("{}", "{\"temperature\": 0.7}").sampling()).contains(Sampling.greedy());
        assertThat(of(
                                "{}",
                                "{\"do_sample\": true, \"temperature\": 0.7, \"top_k\": 20, \"top_p\": 0.8, \"min_p\": 0.1,"
                                        + " \"repetition_penalty\": 1.05}")
                        .sampling())
                .contains(new Sampling(0.7, 20, 0.8, 0.1, 1.05));
        assertThat(of("{}", "{\"num_beams\": 4, \"stop_strings\": \"x\"}").beams())
                .hasValue(4);
        assertThat(of("{}", "{\"num_beams\": 4, \"stop_strings\": \"x\"}").stops())
                .containsExactly("x");
        assertThatThrownBy(() -> of("{}", "{\"do_sample\": true, \"top_p\": 1.5}"))
                .isInstanceOf(CorruptCheckpointException.class)
                .hasMessageContaining("topP");
        assertThatThrownBy(() -> of("{}", "{\"no_repeat_ngram_size\": 3}"))
                .isInstanceOf(CheckpointMismatchException.class)
                .hasMessageContaining("no_repeat_ngram_size");
    }

    @Test
    void modelsByTheirKind() {
        Path golden = Path.of(GenerationConfigTest.class.getResource("llama").getPath());
        assertThat(HuggingFaceFolder.loadLlama(golden)).isNotNull();
        assertThatThrownBy(() -> HuggingFaceFolder.loadGpt2(golden))
                .isInstanceOf(CheckpointMismatchException.class)
                .hasMessageContainingAll("holds a Llama", "Gpt was asked for");
    }
}
