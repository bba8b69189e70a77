package gradus.train.pretrained.peft;

import static gradus.train.pretrained.peft.PeftSamples.base;
import static gradus.train.pretrained.peft.PeftSamples.baseOf;
import static gradus.train.pretrained.peft.PeftSamples.near;
import static gradus.train.pretrained.peft.PeftSamples.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.CheckpointMismatchException;
import gradus.error.CorruptCheckpointException;
import gradus.error.DataException;
import gradus.error.GradusException;
import gradus.layers.model.LanguageModel;
import gradus.layers.model.prompt.PrefixTuned;
import gradus.layers.model.prompt.PromptTuned;
import gradus.layers.model.prompt.SoftPrompted;
import gradus.layers.prompt.LstmEncoder;
import gradus.layers.prompt.MlpEncoder;
import gradus.layers.prompt.PrefixProjection;
import gradus.layers.prompt.PromptTable;
import gradus.layers.recurrent.LstmConfig;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
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
import java.util.SequencedMap;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Soft prompts that peft 0.21 wrote, with what it made of some ids; soft_prompt_golden.py made them.
class SoftPromptFolderTest {
    @TempDir
    private Path folder;

    private static Path prompt(String name) {
        String resource = "/gradus/train/prompt/" + name + "/adapter_config.json";
        try {
            return Path.of(SoftPromptFolderTest.class.getResource(resource).toURI())
                    .getParent();
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private static LanguageModel model(String name) {
        return (LanguageModel) base(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gpt2_prompt",
                "llama_prompt",
                "qwen2_prompt",
                "gpt2_ptuning",
                "llama_lstm",
                "gpt2_prefix",
                "llama_prefix",
                "qwen2_prefix",
                "qwen2_projection",
                "mixtral_prompt",
                "mixtral_prefix",
                "mixtral_ptuning"
            })
    void whatPeftWroteSaysTheSameHere(String name) {
        assertThat(SoftPromptFolder.is(prompt(name))).isTrue();
        Safetensors expected = Safetensors.open(prompt(name).resolve("expected.safetensors"));
        Indices ids = expected.readIndices("ids");
        SoftPrompted model = SoftPromptFolder.load(prompt(name), model(name));
        assertThat(model.training()).isFalse();
        near(run(model, ids), expected.read("out"));

        // and once more through a folder of ours
        SoftPromptFolder.save(folder, model, baseOf(name));
        Tensor rows = Safetensors.open(prompt(name).resolve("adapter_model.safetensors"))
                .read("prompt_embeddings");
        assertThat(Safetensors.open(folder.resolve("adapter_model.safetensors"))
                        .read("prompt_embeddings")
                        .toArray())
                .isEqualTo(rows.toArray());
        near(run(SoftPromptFolder.load(folder, model(name)), ids), expected.read("out"));
    }

    /// Soft prompts of every kind, made here, by the names of their folders.
    private static SequencedMap<String, Function<LanguageModel, SoftPrompted>> kinds() {
        Rng rng = Rng.of(3);
        SequencedMap<String, Function<LanguageModel, SoftPrompted>> kinds = new LinkedHashMap<>();
        for (String base : List.of("gpt2", "llama", "qwen2", "mixtral")) {
            kinds.put(base + "_table", model -> new PromptTuned(model, new PromptTable(5, width(model), rng)));
            kinds.put(base + "_mlp", model -> new PromptTuned(model, new MlpEncoder(3, width(model), 7, rng)));
            kinds.put(
                    base + "_lstm",
                    model -> new PromptTuned(
                            model,
                            new LstmEncoder(3, LstmConfig.of(width(model), 5).withLayers(2), rng)));
            kinds.put(
                    base + "_prefix",
                    model -> new PrefixTuned(model, new PromptTable(2, PrefixTuned.width(model), rng)));
            kinds.put(
                    base + "_real",
                    model -> new PrefixTuned(model, new PromptTable(PrefixTuned.ofTokens(model, 5, 3, 9))));
            kinds.put(
                    base + "_projected",
                    model -> new PrefixTuned(
                            model,
                            new PrefixProjection(4, new PrefixProjection.Sizes(6, 5, PrefixTuned.width(model)), rng)));
        }
        return kinds;
    }

    private static int width(LanguageModel model) {
        return PromptTuned.tokens(model).weight().dim(1);
    }

    private static Indices ids() {
        return Indices.of(Shape.of(2, 5), new int[] {3, 10, 17, 24, 31, 38, 45, 52, 59, 5});
    }

    private static Tensor write(String name, Path to) {
        SoftPrompted model = kinds().get(name).apply(model(name)).eval();
        SoftPromptFolder.save(to, model, baseOf(name));
        return run(model, ids());
    }

    @Test
    void whatWeWriteIsReadAsItWas() {
        kinds().forEach((name, make) -> {
            Path to = folder.resolve(name);
            Tensor out = write(name, to);
            SoftPrompted again = SoftPromptFolder.load(to, model(name));
            assertThat(run(again, ids()).toArray()).as(name).isEqualTo(out.toArray());
        });
        assertThat(folder.resolve("gpt2_mlp/adapter_config.json"))
                .content()
                .contains("\"P_TUNING\"", "\"MLP\"", "\"encoder_hidden_size\" : 7");
        assertThat(folder.resolve("gpt2_lstm/adapter_config.json"))
                .content()
                .contains("\"P_TUNING\"", "\"LSTM\"", "\"encoder_num_layers\" : 2");
        assertThat(folder.resolve("llama_prefix/adapter_config.json"))
                .content()
                .contains("\"PREFIX_TUNING\"", "\"num_attention_heads\" : 2", "\"token_dim\" : 8");
    }

    /// Amid training, as a checkpoint is: dropout of the encoder is off, and the model goes on training.
    @Test
    void whatIsWrittenAmidTrainingHasNoDropout() {
        LanguageModel base = model("gpt2_lstm");
        LstmConfig drops = LstmConfig.of(width(base), 5).withLayers(2).withDropout(0.5);
        SoftPrompted tuned = new PromptTuned(base, new LstmEncoder(3, drops, Rng.of(1)));
        tuned.train();
        SoftPromptFolder.save(folder.resolve("amid"), tuned, "gpt2");
        assertThat(tuned.training()).isTrue();
        tuned.eval();
        assertThat(SoftPromptFolder.load(folder.resolve("amid"), model("gpt2_lstm"))
                        .prompt()
                        .rows()
                        .toArray())
                .isEqualTo(tuned.prompt().rows().toArray());
    }

    @Test
    void peftReadsWhatWeWrite() throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of(PeftSamples.bases().toString(), folder.toString()));
        kinds().forEach((name, make) -> {
            Path to = folder.resolve(name);
            Tensor out = write(name, to);
            SequencedMap<String, Tensor> expected = new LinkedHashMap<>();
            double[] given = Arrays.stream(ids().values()).asDoubleStream().toArray();
            expected.put("ids", Tensor.of(given, 2, 5));
            expected.put("out", out);
            SafetensorsWriter.write(to.resolve("expected.safetensors"), expected, SafetensorsWriter.METADATA);
            arguments.add(name);
        });
        PeftSamples.python("soft_prompt_check.py", arguments.toArray(String[]::new));
    }

    @Test
    void everyFlippedBitIsRefused() throws IOException {
        write("llama_prefix", folder);
        LanguageModel model = model("llama_prefix");
        for (String name : List.of("adapter_config.json", "adapter_model.safetensors", "manifest.json")) {
            Path file = folder.resolve(name);
            byte[] whole = Files.readAllBytes(file);
            for (int bit = 0; bit < 8 * whole.length; bit += 5) { // every byte, its bits in turn
                byte[] flipped = whole.clone();
                flipped[bit / 8] ^= (byte) (1 << bit % 8);
                Files.write(file, flipped);
                assertThatThrownBy(() -> SoftPromptFolder.load(folder, model))
                        .as("bit %d of %s", bit, file)
                        .isInstanceOf(GradusException.class);
            }
            Files.write(file, whole);
        }
        SoftPromptFolder.load(folder, model);
    }

    /// peft's own folder with a part of its configuration replaced.
    private Path changed(String name, String key, String value) throws IOException {
        Files.copy(prompt(name).resolve("adapter_model.safetensors"), folder.resolve("adapter_model.safetensors"));
        String json = Files.readString(prompt(name).resolve("adapter_config.json"));
        String line = "\"" + key + "\": " + value;
        String other = json.contains("\"" + key + "\"")
                ? json.replaceFirst("\"" + key + "\": [^,\\n]*", line)
                : json.replaceFirst("\\{", "{" + line + ",");
        Files.writeString(folder.resolve("adapter_config.json"), other);
        return folder;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    llama_prompt     | num_virtual_tokens          | 5      | num_virtual_tokens in adapter_config.json is 5
                    llama_prompt     | token_dim                   | 8      | token_dim is 8; here it is 16
                    llama_prompt     | num_transformer_submodules  | 2      | num_transformer_submodules
                    llama_prompt     | modules_to_save             | ["x"]  | modules_to_save
                    llama_prompt     | something_new               | 1      | something_new
                    llama_prompt     | peft_type                   | "CPT"  | is no soft prompt: peft_type is "CPT"
                    llama_prefix     | num_attention_heads         | 4      | num_attention_heads is 4; here it is 2
                    llama_prefix     | num_layers                  | 3      | num_layers is 3; here it is 2
                    llama_prefix     | token_dim                   | 16     | token_dim is 16; here it is 8
                    """)
    void whatDoesNotFitIsRefusedByName(String name, String key, String value, String message) throws IOException {
        Path other = changed(name, key, value);
        assertThatThrownBy(() -> SoftPromptFolder.load(other, model(name)))
                .isInstanceOf(CheckpointMismatchException.class)
                .hasMessageStartingWith(folder.toString())
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "1.5", "\"four\"", "null", "99999999999"})
    void nonsenseIsRefused(String count) throws IOException {
        Path other = changed("gpt2_prompt", "num_virtual_tokens", count);
        assertThatThrownBy(() -> SoftPromptFolder.load(other, model("gpt2_prompt")))
                .isInstanceOf(CorruptCheckpointException.class)
                .hasMessageContaining("num_virtual_tokens must be a whole number from 1; got ");
    }

    @Test
    void whatPeftInfersMayBeLeftOut() throws IOException {
        for (String key : List.of("token_dim", "num_layers", "num_attention_heads")) {
            Path other = changed("llama_prefix", key, "null");
            SoftPromptFolder.load(other, model("llama_prefix"));
            Files.delete(folder.resolve("adapter_model.safetensors"));
        }
    }

    @Test
    void otherTensorsAreRefused() throws IOException {
        Path config = prompt("gpt2_prompt").resolve("adapter_config.json");
        Files.copy(config, folder.resolve("adapter_config.json"));
        LanguageModel model = model("gpt2_prompt");
        assertThatThrownBy(() -> SoftPromptFolder.load(folder, model)).isInstanceOf(DataException.class);
        Files.write(folder.resolve("adapter_model.bin"), new byte[4]);
        assertThatThrownBy(() -> SoftPromptFolder.load(folder, model)).hasMessageContaining("is a Python pickle");
        Tensor rows = Tensor.zeros(4, 12);
        refused(model, "lacks prompt_embeddings", "other", rows);
        refused(model, "has other, which has no place", "prompt_embeddings", rows, "other", rows);
        refused(model, "a row of prompt_embeddings has 13 numbers; here it has 12", "prompt_embeddings", zeros(4, 13));
        refused(model, "has the shape [4]", "prompt_embeddings", zeros(4));
        refused(
                model,
                "numbers that are not finite",
                "prompt_embeddings",
                zeros(4, 12).add(Double.NaN));
        assertThat(PromptTuned.tokens(model).adapter()).isNull();
    }

    private static Tensor zeros(int... dims) {
        return Tensor.zeros(dims);
    }

    private void refused(LanguageModel model, String message, Object... tensors) {
        SequencedMap<String, Tensor> all = new LinkedHashMap<>();
        for (int i = 0; i < tensors.length; i += 2) {
            all.put((String) tensors[i], (Tensor) tensors[i + 1]);
        }
        SafetensorsWriter.write(folder.resolve("adapter_model.safetensors"), all, SafetensorsWriter.METADATA);
        assertThatThrownBy(() -> SoftPromptFolder.load(folder, model))
                .isInstanceOf(GradusException.class)
                .hasMessageContaining(message);
    }

    @Test
    void aPromptThatFillsTheContextIsRefused() throws IOException { // BAD-INPUT 33
        LanguageModel model = model("gpt2_table");
        int context = model.context();
        Files.writeString(
                folder.resolve("adapter_config.json"),
                "{\"peft_type\": \"PROMPT_TUNING\", \"num_virtual_tokens\": %d}".formatted(context));
        refused(
                model,
                "leave no room for a token in the context of " + context,
                "prompt_embeddings",
                zeros(context, 12));
    }

    @Test
    void otherAdaptersAreNone() {
        assertThat(SoftPromptFolder.is(PeftSamples.adapter("llama_lora"))).isFalse();
        assertThat(SoftPromptFolder.is(folder)).isFalse();
        assertThatThrownBy(() -> SoftPromptFolder.load(PeftSamples.adapter("llama_lora"), model("llama_lora")))
                .isInstanceOf(CheckpointMismatchException.class)
                .hasMessageContaining("is no soft prompt: peft_type is");
    }
}
