package gradus.train.cli;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.layers.model.Gpt;
import gradus.layers.model.config.GptConfig;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tokenizer.ByteLevelBpe;
import gradus.tokenizer.TokenizerPipeline;
import gradus.tokenizer.format.Gpt2Files;
import gradus.tokenizer.train.BpeTrainer;
import gradus.tokenizer.train.BpeTrainerOptions;
import gradus.train.checkpoint.GgufType;
import gradus.train.pretrained.HuggingFaceFolder;
import gradus.train.pretrained.gguf.GgufModel;
import gradus.train.run.SavedModel;
import gradus.train.run.text.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Where a text ends, and what is never shown or drawn.
class EndOfTextTest {
    private static final List<String> CONTROL = List.of("<|endoftext|>", "<|eot|>", "<|note|>");
    private static final ByteLevelBpe BPE =
            new BpeTrainer(BpeTrainerOptions.of(259).withSpecialTokens(CONTROL)).train("abcabc");
    private static final int ROWS = 300; // the tokenizer has 259 tokens

    @TempDir
    Path folder;

    /// A model that expects the same after every text: the last norm forgets what came and leaves a 1 in the
    /// first channel, where the table holds the logits.
    private static Gpt always(Map<Integer, Double> logits) {
        Gpt gpt = new Gpt(new GptConfig(ROWS, 64, 1, 1, 4, 0), Rng.of(3));
        double[] table = new double[ROWS * 4];
        for (int id = 0; id < ROWS; id++) {
            table[4 * id] = logits.getOrDefault(id, -50.0);
        }
        gpt.namedParameters().get("wte.weight").set(table);
        gpt.namedParameters().get("ln_f.weight").copyFrom(Tensor.zeros(4));
        gpt.namedParameters().get("ln_f.bias").set(new double[] {1, 0, 0, 0});
        return gpt;
    }

    private static int id(String token) {
        return BPE.tokenToId(token);
    }

    private static String sample(Path model, String... more) {
        List<String> arguments =
                new java.util.ArrayList<>(List.of("sample", "--run", model.toString(), "--prompt", "c"));
        if (List.of(more).stream().noneMatch(option -> option.startsWith("--temperature"))) {
            arguments.add("--temperature=1");
        }
        arguments.addAll(List.of(more));
        Cli told = Cli.run(arguments.toArray(String[]::new));
        assertThat(told.code()).as(told.err()).isZero();
        return told.out();
    }

    /// Letters, two ends and a control token that is none: of a text of 60 tokens that never ended, hardly one
    /// in (3/5)^60 ends without either.
    private Path folderWith(String generationConfig) throws Exception {
        Gpt gpt = always(Map.of(
                id("a"), 3.0, id("b"), 3.0, id(CONTROL.get(0)), 3.0, id(CONTROL.get(1)), 3.0, id(CONTROL.get(2)), 3.0));
        Path place = folder.resolve("model");
        HuggingFaceFolder.save(place, gpt, BPE);
        if (generationConfig != null) {
            Files.writeString(place.resolve("generation_config.json"), generationConfig);
        }
        return place;
    }

    @Test
    void f8_aTextEndsAtEveryEndTokenAndShowsNoControlToken() throws Exception {
        Path model = folderWith("{\"eos_token_id\": [%d, %d]}".formatted(id(CONTROL.get(0)), id(CONTROL.get(1))));
        int letters = 0;
        for (int seed = 1; seed <= 40; seed++) {
            String text = sample(model, "--tokens=60", "--seed=" + seed);
            assertThat(text).matches("c[ab]*\\n");
            assertThat(text.length()).isLessThan(50); // it ended by itself
            letters += text.length() - 2;
        }
        // Each token is one of 5: 2 letters before an end with probability 2/5 against 2/5, so one a text on average.
        assertThat(letters).isBetween(15, 90);
    }

    @Test
    void f8_beamsEndThereToo() throws Exception {
        Path model = folderWith("{\"eos_token_id\": [%d, %d]}".formatted(id(CONTROL.get(0)), id(CONTROL.get(1))));
        for (String beams : List.of("1", "2", "5")) {
            assertThat(sample(model, "--tokens=20", "--beams=" + beams)).matches("c[ab]*\\n");
        }
    }

    @Test
    void f8_aGgufFileTellsItsEndToo() {
        Gpt gpt = always(Map.of(id("a"), 3.0, id(CONTROL.get(0)), 3.0));
        Path file = folder.resolve("model.gguf");
        new GgufModel(gpt, BPE).write(file, GgufType.F32);
        for (int seed = 1; seed <= 20; seed++) {
            assertThat(sample(file, "--tokens=60", "--seed=" + seed))
                    .matches("ca*\\n")
                    .hasSizeLessThan(50);
        }
    }

    @Test
    void f8_whereNothingTellsTheEndTheUsualTokenIsTaken() throws Exception {
        Path model = folderWith("{}");
        for (String file : List.of("config.json", "tokenizer_config.json")) {
            Path json = model.resolve(file);
            ObjectNode root = (ObjectNode) new JsonMapper().readTree(json);
            root.remove("eos_token");
            root.remove("eos_token_id");
            Files.writeString(json, root.toString());
        }
        for (int seed = 1; seed <= 20; seed++) {
            assertThat(sample(model, "--tokens=60", "--seed=" + seed))
                    .matches("c[ab]*\\n")
                    .hasSizeLessThan(60);
        }
    }

    /// Rows behind the tokenizer's last token are as if they were not there, however likely.
    @Test
    void f11_rowsBeyondTheVocabularyAreNeverDrawn() throws Exception {
        Path model = folder.resolve("model");
        HuggingFaceFolder.save(model, always(Map.of(id("a"), 1.0, id("b"), 1.0, 259, 40.0, 299, 41.0)), BPE);
        for (String how : List.of(
                "--seed=1", "--seed=2", "--temperature=0", "--topK=1", "--topP=0.1", "--minP=0.9", "--beams=3")) {
            assertThat(sample(model, "--tokens=20", how)).matches("c[ab]{20}\\n");
        }
    }

    @Test
    void f11_aModelWithMoreRowsThanCharactersTrainsAndWrites() throws Exception {
        Path run = folder.resolve("run");
        Path text = Files.writeString(folder.resolve("text.txt"), "0123456789abcde".repeat(60));
        Cli trained = Cli.train(text, run, "--model.vocabSize=128");
        assertThat(trained.code()).as(trained.err()).isZero();
        // After four steps all rows are about equally likely: 113 of 128 stand for nothing.
        assertThat(trained.out()).doesNotContain("\uFFFD").containsPattern("[0-9a-e]{100}");
        for (String how : List.of("--seed=7", "--temperature=5", "--temperature=0", "--beams=4")) {
            Cli told = Cli.run(
                    "sample", "--run", run.toString(), "--prompt", "0", "--tokens", "40", "--topK=0", "--topP=1", how);
            assertThat(told.code()).as(told.err()).isZero();
            assertThat(told.out()).matches(how.contains("beams") ? "0[0-9a-e]{7}\\n" : "0[0-9a-e]{40}\\n");
        }
    }

    private static int[] start(Path model, String prompt) {
        SavedModel saved = SavedModel.open(model, false);
        return Writer.of(saved.model(), saved.text(), false, 1).start(prompt);
    }

    /// What a model was trained to see before every text, as `<s>` of Llama, stands before a prompt too; what the
    /// frame puts behind a text would end it.
    @Test
    void f7_thePromptBeginsAsTheTokenizersFrameSays() throws Exception {
        Path model = folderWith(null);
        Files.delete(model.resolve("tokenizer.json"));
        Gpt2Files.write(BPE, model);
        int begin = id(CONTROL.get(2));
        for (String flags : List.of("\"add_bos_token\":true", "\"add_bos_token\":true,\"add_eos_token\":true")) {
            Files.writeString(
                    model.resolve("tokenizer_config.json"),
                    "{\"tokenizer_class\":\"GPT2Tokenizer\",\"bos_token\":\"%s\",\"eos_token\":\"%s\",%s}"
                            .formatted(CONTROL.get(2), CONTROL.get(0), flags));
            assertThat(start(model, "ab")).containsExactly(begin, id("a"), id("b"));
            assertThat(start(model, "")).containsExactly(begin);
        }
        SavedModel saved = SavedModel.open(model, false);
        Path gguf = folder.resolve("begins.gguf");
        new GgufModel(saved.model(), (TokenizerPipeline) saved.text().tokenizer()).write(gguf, GgufType.F32);
        assertThat(start(gguf, "ab")).containsExactly(begin, id("a"), id("b"));
        Files.writeString(model.resolve("tokenizer_config.json"), "{\"tokenizer_class\":\"GPT2Tokenizer\"}");
        assertThat(start(model, "ab")).containsExactly(id("a"), id("b"));
    }
}
