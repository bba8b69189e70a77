package gradus.train.pretrained;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.CheckpointMismatchException;
import gradus.error.ConfigException;
import gradus.error.CorruptCheckpointException;
import gradus.error.GradusException;
import gradus.layers.model.Gpt;
import gradus.layers.model.LanguageModel;
import gradus.layers.model.Llama;
import gradus.layers.model.Mixtral;
import gradus.layers.model.Qwen2;
import gradus.layers.model.RewardModel;
import gradus.layers.model.config.GptConfig;
import gradus.layers.model.config.Head;
import gradus.layers.model.config.LlamaConfig;
import gradus.layers.model.config.Positions;
import gradus.layers.position.PlainFrequencies;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import gradus.tokenizer.CharTokenizer;
import gradus.tokenizer.Tokenizer;
import gradus.train.checkpoint.Safetensors;
import gradus.train.checkpoint.SafetensorsWriter;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Folders that transformers 5.18 wrote, with its scores of a padded batch; reward_golden.py made them.
class RewardFolderTest {
    /// float32 on both sides, in other orders; scores are of the order of 1.
    private static final double NEAR = 1e-5;

    private static final Tokenizer TOKENIZER = CharTokenizer.of("abcdefghijklmnopqrstuvwxyz .,!?");

    @TempDir
    private Path folder;

    private static Path golden(String name) {
        try {
            return Path.of(RewardFolderTest.class.getResource("reward/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private void copyChanged(String name, UnaryOperator<String> config) throws IOException {
        try (Stream<Path> files = Files.list(golden(name))) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        }
        Path file = folder.resolve("config.json");
        Files.writeString(file, config.apply(Files.readString(file)));
    }

    private <T extends GradusException> void refused(Class<T> type, String... parts) {
        assertThatThrownBy(() -> RewardFolder.load(folder)).isInstanceOf(type).hasMessageContainingAll(parts);
    }

    private static List<int[]> rows(Indices ids) {
        int time = ids.shape().dim(1);
        List<int[]> rows = new ArrayList<>();
        for (int b = 0; b < ids.shape().dim(0); b++) {
            int[] row = new int[time];
            for (int t = 0; t < time; t++) {
                row[t] = ids.get(b * time + t);
            }
            rows.add(row);
        }
        return rows;
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "llama", "mistral", "qwen2", "mixtral"})
    void scoresAPaddedBatchAsTransformersDoes(String name) throws IOException {
        RewardFolder reward = RewardFolder.load(golden(name));
        assertThat(reward.model().training()).isFalse();
        Safetensors expected = Safetensors.open(golden(name).resolve("expected.safetensors"));
        Indices ids = expected.readIndices("ids");
        double[] theirs = expected.read("scores").toArray();
        double[] ours = reward.scores(rows(ids));
        for (int i = 0; i < theirs.length; i++) {
            assertThat(ours[i]).as("row %s", i).isCloseTo(theirs[i], within(NEAR));
        }
        for (int i = 0; i < theirs.length; i++) { // each row alone, and without its padding
            int[] row = rows(ids).get(i);
            int length = row.length;
            while (length > 1 && row[length - 1] == reward.padding()) {
                length--;
            }
            assertThat(reward.scores(List.of(Arrays.copyOf(row, length)))[0]).isCloseTo(theirs[i], within(NEAR));
        }
        RewardFolder.save(folder.resolve("a"), reward.model(), TOKENIZER, withPad(reward.padding()));
        RewardFolder again = RewardFolder.load(folder.resolve("a"));
        assertThat(again.model().model()).hasSameClassAs(reward.model().model());
        assertThat(again.padding()).isEqualTo(reward.padding());
        assertThat(again.scores(rows(ids))).isEqualTo(ours);
        assertThat(again.sum()).isEqualTo(reward.sum());
        assertThat(again.tokenizer().vocabularySize()).isEqualTo(TOKENIZER.vocabularySize());
        RewardFolder.save(folder.resolve("b"), again.model(), TOKENIZER, withPad(reward.padding()));
        for (String file : List.of("config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json")) {
            assertThat(folder.resolve("b").resolve(file))
                    .hasSameBinaryContentAs(folder.resolve("a").resolve(file));
        }
    }

    private static GenerationConfig withPad(int id) {
        return GenerationConfig.NONE.withTokens(OptionalInt.empty(), List.of(), OptionalInt.of(id));
    }

    private static LlamaConfig llama(boolean tied) {
        return new LlamaConfig(31, 16, 2, 2, 1, 4, 8, 12, 1e-6, new PlainFrequencies(), tied);
    }

    private static List<LanguageModel> published() {
        return List.of(
                new Gpt(new GptConfig(31, 16, 2, 2, 8, 0).withHead(Head.OWN), Rng.of(1)),
                new Llama(llama(false), Rng.of(2)),
                new Qwen2(llama(true), Rng.of(3)),
                new Mixtral(llama(false), 4, 2, Rng.of(4)));
    }

    /// With -Dgradus.reward=FOLDER the folders stay there, for reward_golden.py --check.
    @Test
    void whatIsWrittenIsReadAgainAndHasNoHeadForTokens() {
        Path root = System.getProperty("gradus.reward") == null ? folder : Path.of(System.getProperty("gradus.reward"));
        for (LanguageModel model : published()) {
            RewardModel reward = new RewardModel(model, Rng.of(5));
            Path where = root.resolve(model.getClass().getSimpleName());
            RewardFolder.save(where, reward.eval(), TOKENIZER, withPad(3));
            Safetensors file = Safetensors.open(where.resolve("model.safetensors"));
            assertThat(file.names()).contains("score.weight").noneMatch(name -> name.contains("lm_head"));
            assertThat(file.shape("score.weight")).containsExactly(1, 8);
            assertThat(where.resolve("config.json"))
                    .content()
                    .contains("ForSequenceClassification", "\"id2label\"", "\"pad_token_id\"");
            Indices ids = Indices.of(Shape.of(3, 4), new int[] {5, 6, 7, 8, 9, 3, 3, 3, 3, 11, 12, 3});
            double[] scores;
            try (var pause = Autograd.noGrad();
                    var scope = Scope.open()) {
                Tensor said = reward.forward(ids, 4, 1, 3);
                scores = said.toArray();
                SequencedMap<String, Tensor> kept = new LinkedHashMap<>();
                kept.put("scores", said);
                kept.put(
                        "ids",
                        Tensor.of(Arrays.stream(ids.values()).asDoubleStream().toArray(), 3, 4)
                                .to(DType.FLOAT32));
                SafetensorsWriter.write(where.resolve("said.safetensors"), kept, SafetensorsWriter.METADATA);
            }
            assertThat(RewardFolder.load(where).scores(rows(ids))).isEqualTo(scores);
        }
    }

    /// A token that pads is never the one that is scored, even if it ends a text: as in transformers.
    @Test
    void paddingIsTheTokenizersOrTheEndOrTheFirst() {
        assertThat(RewardFolder.padding(TOKENIZER, GenerationConfig.NONE)).isZero();
        assertThat(RewardFolder.padding(TOKENIZER, withPad(7))).isEqualTo(7);
        GenerationConfig ending =
                GenerationConfig.NONE.withTokens(OptionalInt.empty(), List.of(9, 8), OptionalInt.empty());
        assertThat(RewardFolder.padding(TOKENIZER, ending)).isEqualTo(9);
        Indices ids = Indices.of(Shape.of(4, 3), new int[] {1, 2, 9, 9, 1, 9, 9, 9, 9, 9, 9, 1});
        assertThat(RewardModel.lengths(ids, 9)).containsExactly(2, 2, 1, 3);
    }

    // --- bad folders

    @Test
    void otherFoldersAreRefused() throws IOException {
        copyChanged("llama", config -> config.replace("LlamaForSequenceClassification", "LlamaForCausalLM"));
        refused(CheckpointMismatchException.class, "config.json: holds a LlamaForCausalLM and no reward model");
        Files.writeString(
                folder.resolve("config.json"),
                "{\"model_type\": \"bert\", \"architectures\": [\"BertForSequenceClassification\"]}");
        refused(CheckpointMismatchException.class, "holds a classifier on an encoder");
    }

    @Test
    void aRewardModelIsNoLanguageModel() {
        assertThatThrownBy(() -> HuggingFaceFolder.load(golden("gpt2")))
                .isInstanceOf(CheckpointMismatchException.class)
                .hasMessageContaining("holds a GPT2ForSequenceClassification, which scores texts and writes none");
    }

    @Test
    void damagedFoldersAreRefused() throws IOException {
        copyChanged("gpt2", config -> config.replaceFirst("\"pad_token_id\": 3", "\"pad_token_id\": 31"));
        refused(CorruptCheckpointException.class, "pad_token_id must be a token of the 31; got 31");
        Path weights = folder.resolve("model.safetensors");
        Safetensors file = Safetensors.open(weights);
        SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
        file.names().forEach(name -> tensors.put(name, file.read(name)));
        tensors.put("score.weight", Tensor.zeros(2, 8));
        SafetensorsWriter.write(weights, tensors, SafetensorsWriter.METADATA);
        refused(CheckpointMismatchException.class, "score.weight has shape [2, 8]", "[1, 8], one label");
        tensors.put("score.weight", Tensor.full(DType.FLOAT32, Shape.of(1, 8), Double.NaN));
        SafetensorsWriter.write(weights, tensors, SafetensorsWriter.METADATA);
        refused(CorruptCheckpointException.class, "score.weight holds numbers that are not finite");
        tensors.remove("score.weight");
        SafetensorsWriter.write(weights, tensors, SafetensorsWriter.METADATA);
        refused(CheckpointMismatchException.class, "has no tensor score.weight, the head");
    }

    @Test
    void whatCannotBeScoredOrWrittenIsRefused() {
        RewardFolder reward = RewardFolder.load(golden("gpt2"));
        assertThatThrownBy(() -> reward.scores(List.of(new int[] {4}, new int[0])))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("at least 1 token");
        assertThatThrownBy(() -> reward.scores(List.of(new int[17])))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("context of 16");
        assertThat(reward.scores(List.of())).isEmpty();
        Gpt composed = new Gpt(new GptConfig(31, 16, 1, 2, 8, 0).withPosition(new Positions.Alibi()), Rng.of(1));
        assertThatThrownBy(() -> RewardFolder.requirePublished(composed))
                .isInstanceOf(CheckpointMismatchException.class)
                .hasMessageContaining("parts that GPT-2 has not");
        assertThatThrownBy(() -> RewardFolder.save(
                        folder,
                        reward.model(),
                        CharTokenizer.of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJ"),
                        GenerationConfig.NONE))
                .isInstanceOf(CheckpointMismatchException.class)
                .hasMessageContaining("the tokenizer has 36 tokens, the model 31");
    }
}
