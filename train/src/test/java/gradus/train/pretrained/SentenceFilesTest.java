package gradus.train.pretrained;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.error.DataException;
import gradus.error.GradusException;
import gradus.layers.model.BertEncoder;
import gradus.layers.model.config.BertConfig;
import gradus.tensor.Autograd;
import gradus.tensor.mask.KeyMask;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import gradus.tokenizer.Encoding;
import gradus.tokenizer.WordPiece;
import gradus.tokenizer.json.KnownKeys;
import gradus.tokenizer.train.WordPieceLikelihoodTrainer;
import gradus.tokenizer.train.WordPieceTrainerOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Folders of sentence-transformers.
class SentenceFilesTest {
    private static final String TEXT = "the quick brown fox jumps over the lazy dog";
    private static final String MODULES = """
            [{"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
             {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
             {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"}]
            """;

    @TempDir
    private Path folder;

    private final WordPiece tokenizer = new WordPieceLikelihoodTrainer(WordPieceTrainerOptions.of(40)).train(TEXT);
    private final BertEncoder encoder =
            new BertEncoder(new BertConfig(tokenizer.vocabularySize(), 64, 2, 1, 2, 8, 12, 0, 1e-12), Rng.of(1));

    @BeforeEach
    void write() throws IOException {
        HuggingFaceFolder.save(folder, encoder, tokenizer);
        Files.createDirectories(folder.resolve("1_Pooling"));
        write("modules.json", MODULES);
        write("sentence_bert_config.json", "{\"max_seq_length\": 8, \"do_lower_case\": false}");
        write("1_Pooling/config.json", "{\"word_embedding_dimension\": 8, \"pooling_mode_mean_tokens\": true}");
        write(
                "config_sentence_transformers.json",
                "{\"__version__\": {}, \"prompts\": {}, \"default_prompt_name\": null}");
    }

    private void write(String name, String json) throws IOException {
        Files.writeString(folder.resolve(name), json);
    }

    private void refused(String file, String... words) {
        assertThatThrownBy(() -> SentenceEmbedding.load(folder))
                .isInstanceOf(GradusException.class)
                .hasMessageContaining(file)
                .satisfies(thrown ->
                        List.of(words).forEach(word -> assertThat(thrown).hasMessageContaining(word)));
    }

    @ParameterizedTest
    @EnumSource(Pooling.class)
    void whatIsWrittenIsRead(Pooling pooling) {
        for (boolean normalize : new boolean[] {true, false}) {
            SentenceSettings settings = new SentenceSettings(7, pooling, normalize);
            SentenceFiles.write(folder, settings, 8);
            SentenceEmbedding read = SentenceEmbedding.load(folder);
            assertThat(read.settings()).isEqualTo(settings);
            assertThat(read.embed("the lazy dog"))
                    .isEqualTo(new SentenceEmbedding(encoder, tokenizer, settings).embed("the lazy dog"));
            assertThat(SentenceFiles.ifThere(folder)).isPresent();
        }
        assertThat(SentenceFiles.ifThere(folder.resolve("1_Pooling"))).isEmpty();
    }

    /// The states of a text's tokens, (T, C).
    private double[][] states(int length) {
        Encoding text = tokenizer.encodeForModel(TEXT, length);
        Shape shape = Shape.of(1, text.ids().length);
        try (var pause = Autograd.noGrad()) {
            double[] flat = encoder.forward(
                            Indices.of(shape, text.ids()), Indices.of(shape, text.typeIds()), KeyMask.full())
                    .toArray();
            double[][] states = new double[text.ids().length][8];
            for (int i = 0; i < flat.length; i++) {
                states[i / 8][i % 8] = flat[i];
            }
            return states;
        }
    }

    @Test
    void f12_theFoldersLengthIsTaken() throws IOException {
        assertThat(SentenceEmbedding.load(folder).settings()).isEqualTo(new SentenceSettings(8, Pooling.MEAN, true));
        write("sentence_bert_config.json", "{\"max_seq_length\": 256}");
        assertThat(SentenceEmbedding.load(folder).settings().maxLength()).isEqualTo(64); // the encoder's context
        write("sentence_bert_config.json", "{\"max_seq_length\": null}");
        assertThat(SentenceEmbedding.load(folder).settings().maxLength()).isEqualTo(64);
        assertThat(new SentenceEmbedding(encoder, tokenizer).settings().maxLength())
                .isEqualTo(64);
        assertThat(SentenceSettings.MINI_LM).isEqualTo(new SentenceSettings(256, Pooling.MEAN, true));
        SentenceSettings long_ = SentenceSettings.MINI_LM.withMaxLength(65);
        assertThatThrownBy(() -> new SentenceEmbedding(encoder, tokenizer, long_))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("64");
    }

    @ParameterizedTest
    @EnumSource(Pooling.class)
    void everyPooling(Pooling pooling) throws IOException {
        double[] expected = new double[8];
        double[][] states = states(8);
        int time = states.length;
        for (int c = 0; c < 8; c++) {
            double sum = 0;
            double max = Double.NEGATIVE_INFINITY;
            for (double[] state : states) {
                sum += state[c];
                max = Math.max(max, state[c]);
            }
            expected[c] = switch (pooling) {
                case MEAN -> sum / time;
                case CLS -> states[0][c];
                case MAX -> max;
                case MEAN_SQRT_LENGTH -> sum / Math.sqrt(time);
                case LAST -> states[time - 1][c];
            };
        }
        write("modules.json", MODULES.replaceAll(",\\s*\\{\"idx\": 2[^}]*}", ""));
        for (String settings : new String[] {
            "{\"%s\": true, \"pooling_mode_mean_tokens\": %s}".formatted(pooling.flag, pooling == Pooling.MEAN),
            "{\"embedding_dimension\": 8, \"pooling_mode\": \"%s\"}".formatted(pooling.mode)
        }) {
            write(
                    "1_Pooling/config.json",
                    pooling == Pooling.MEAN && settings.contains("tokens\": true")
                            ? "{\"pooling_mode_mean_tokens\": true}"
                            : settings);
            float[] vector = SentenceEmbedding.load(folder).embed(TEXT);
            for (int c = 0; c < 8; c++) {
                assertThat((double) vector[c]).isCloseTo(expected[c], within(1e-6)); // 8 float32 numbers near 1
            }
        }
    }

    @Test
    void everyKeyIsObeyedHarmlessOrRefused() throws IOException {
        walk("sentence_bert_config.json", SentenceFiles.TRANSFORMER);
        write("sentence_bert_config.json", "{}");
        walk("1_Pooling/config.json", SentenceFiles.POOLING);
        write("1_Pooling/config.json", "{}");
        walk("config_sentence_transformers.json", SentenceFiles.WHOLE);
    }

    private void walk(String file, KnownKeys keys) throws IOException {
        for (Map.Entry<String, KnownKeys.Rule> rule : keys.rules().entrySet()) {
            write(file, "{\"%s\": {\"non\": [\"sense\"]}}".formatted(rule.getKey()));
            if (rule.getValue() instanceof KnownKeys.Harmless) {
                SentenceEmbedding.load(folder);
            } else {
                refused(file, rule.getKey());
            }
        }
        write(file, "{\"of_next_year\": 1}");
        refused(file, "of_next_year");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{}",
                "[1]",
                "[{\"type\": \"sentence_transformers.models.Transformer\"}]",
                "[{\"type\": \"sentence_transformers.models.Transformer\"}, {\"type\": \"sentence_transformers.models.Dense\"}]",
                "[{\"type\": \"sentence_transformers.models.Pooling\"}, {\"type\": \"sentence_transformers.models.Transformer\"}]",
                "[{\"type\": \"sentence_transformers.models.Transformer\", \"path\": \"../..\"}]",
                "[{\"type\": \"sentence_transformers.models.Transformer\", \"path\": \"/etc\"}]",
                "[{\"type\": \"sentence_transformers.models.Transformer\", \"unknown\": 1}]",
                "[{\"type\": 5}]",
                "[",
            })
    void modulesThatAreRefused(String json) throws IOException {
        write("modules.json", json);
        refused("modules.json");
    }

    @Test
    void poolingsThatAreRefused() throws IOException {
        write("1_Pooling/config.json", "{\"pooling_mode_cls_token\": true, \"pooling_mode_mean_tokens\": true}");
        refused("config.json", "MEAN", "CLS");
        write("1_Pooling/config.json", "{\"word_embedding_dimension\": 9}");
        refused("config.json", "word_embedding_dimension");
        write("1_Pooling/config.json", "{\"pooling_mode\": \"weightedmean\"}");
        refused("config.json", "pooling_mode");
    }

    @Test
    void resourcesThatAreMissingAreNamed() {
        assertThatThrownBy(() -> SentenceEmbedding.ofResources("/none.onnx", "/none.json", BertConfig.miniLm()))
                .isInstanceOf(DataException.class)
                .hasMessageContainingAll("/none.onnx", "langchain4j");
    }
}
