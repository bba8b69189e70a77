package gradus.train.pretrained;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.CheckpointMismatchException;
import gradus.error.CorruptCheckpointException;
import gradus.error.DataException;
import gradus.error.GradusException;
import gradus.layers.Layer;
import gradus.layers.Linear;
import gradus.layers.model.Bert;
import gradus.layers.model.BertEncoder;
import gradus.layers.model.BertMaskedLm;
import gradus.layers.model.Gpt;
import gradus.layers.model.LanguageModel;
import gradus.layers.model.Llama;
import gradus.layers.model.Mixtral;
import gradus.layers.model.Qwen2;
import gradus.layers.model.config.GptConfig;
import gradus.layers.model.config.Head;
import gradus.layers.model.config.Norms;
import gradus.tensor.Autograd;
import gradus.tensor.Tensor;
import gradus.tensor.mask.KeyMask;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.format.Tokenizers;
import gradus.train.checkpoint.Safetensors;
import gradus.train.checkpoint.SafetensorsWriter;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Folders that transformers 5.18 wrote, with what it made of some ids; huggingface_golden.py made them.
class HuggingFaceFolderTest {
    @TempDir
    private Path folder;

    private static Path golden(String name) {
        try {
            return Path.of(HuggingFaceFolderTest.class.getResource(name).toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private static Tensor run(Layer model, Safetensors expected) {
        Indices ids = expected.readIndices("ids");
        try (var pause = Autograd.noGrad()) {
            return switch (model) {
                case LanguageModel decoder -> decoder.forward(ids);
                case BertEncoder encoder -> encoder.forward(ids, expected.readIndices("segments"), KeyMask.full());
                case BertMaskedLm bert -> bert.forward(ids, expected.readIndices("segments"), KeyMask.full());
                default -> throw new AssertionError(model);
            };
        }
    }

    private static void near(Tensor actual, Tensor expected) {
        double[] ours = actual.toArray();
        double[] theirs = expected.toArray();
        assertThat(actual.shape()).isEqualTo(expected.shape());
        for (int i = 0; i < ours.length; i++) {
            // float32 on both sides, in other orders; what comes out is of the order of 1 to 10
            assertThat(ours[i]).isCloseTo(theirs[i], within(1e-4));
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }

    private void copyChanged(String name, UnaryOperator<String> config) throws IOException {
        copy(golden(name), folder);
        Path file = folder.resolve("config.json");
        Files.writeString(file, config.apply(Files.readString(file)));
    }

    private <T extends GradusException> void refused(Class<T> type, String... parts) {
        assertThatThrownBy(() -> HuggingFaceFolder.load(folder))
                .isInstanceOf(type)
                .hasMessageContainingAll(parts);
    }

    // --- both ways

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gpt2",
                "bert",
                "bert_mlm",
                "llama",
                "llama3",
                "llama_linear",
                "llama_sharded",
                "llama_tokenizer",
                "qwen2",
                "qwen2_yarn",
                "mixtral"
            })
    void saysWhatTransformersSays(String name) {
        Layer model = HuggingFaceFolder.load(golden(name));
        assertThat(model.training()).isFalse();
        Safetensors expected = Safetensors.open(golden(name).resolve("expected.safetensors"));
        Tensor out = run(model, expected);
        near(out, expected.read("out"));
        if (model instanceof Bert bert) {
            near(bert.pool(out), expected.read("pooled"));
        }
        HuggingFaceFolder.save(folder, model);
        Layer again = HuggingFaceFolder.load(folder);
        assertThat(again).hasSameClassAs(model);
        assertThat(run(again, expected).toArray()).isEqualTo(out.toArray());
        Path second = folder.resolve("second");
        HuggingFaceFolder.save(second, again);
        for (String file : new String[] {"config.json", "model.safetensors"}) {
            assertThat(second.resolve(file)).hasSameBinaryContentAs(folder.resolve(file));
        }
    }

    @Test
    void kindsAreTold() {
        assertThat(HuggingFaceFolder.load(golden("gpt2"))).isInstanceOf(Gpt.class);
        assertThat(HuggingFaceFolder.load(golden("bert_mlm"))).isInstanceOf(BertMaskedLm.class);
        assertThat(HuggingFaceFolder.load(golden("llama3"))).isInstanceOf(Llama.class);
        assertThat(HuggingFaceFolder.load(golden("qwen2"))).isInstanceOf(Qwen2.class);
        assertThat(HuggingFaceFolder.load(golden("mixtral"))).isInstanceOf(Mixtral.class);
    }

    @Test
    void theTokenizerGoesAlong() throws IOException {
        Tokenizer tokenizer = Tokenizers.load(golden("llama_tokenizer"));
        Layer model = HuggingFaceFolder.load(golden("llama_tokenizer"));
        HuggingFaceFolder.save(folder, model, tokenizer);
        String text = "the whale lives";
        assertThat(Tokenizers.load(folder).encode(text)).isEqualTo(tokenizer.encode(text));
        assertThat(Files.readString(folder.resolve("tokenizer_config.json")))
                .contains("\"eos_token\" : \"<|endoftext|>\"", "\"model_max_length\" : 32");
        assertThat(Files.readString(folder.resolve("generation_config.json"))).contains("\"eos_token_id\" : 0");
        Layer small = HuggingFaceFolder.load(golden("llama"));
        assertThatThrownBy(() -> HuggingFaceFolder.save(folder, small, tokenizer))
                .isInstanceOf(CheckpointMismatchException.class) // BAD-INPUT 133
                .hasMessageContaining("the model 61");
    }

    @Test
    void namesOfOlderFiles() throws IOException {
        copy(golden("bert_mlm"), folder);
        rename(name -> name.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta"));
        Safetensors expected = Safetensors.open(folder.resolve("expected.safetensors"));
        near(run(HuggingFaceFolder.load(folder), expected), expected.read("out"));
    }

    @Test
    void gpt2WithoutThePrefixAndWithMasks() throws IOException {
        copy(golden("gpt2"), folder);
        rename(name -> name.replace("transformer.", ""));
        add("h.0.attn.bias", Tensor.ones(1, 1, 16, 16));
        Safetensors expected = Safetensors.open(folder.resolve("expected.safetensors"));
        near(run(HuggingFaceFolder.load(folder), expected), expected.read("out"));
    }

    private void rename(UnaryOperator<String> rule) {
        SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
        all().forEach((name, tensor) -> tensors.put(rule.apply(name), tensor));
        SafetensorsWriter.write(folder.resolve("model.safetensors"), tensors, SafetensorsWriter.METADATA);
    }

    private void add(String name, Tensor tensor) {
        SequencedMap<String, Tensor> tensors = all();
        tensors.put(name, tensor);
        SafetensorsWriter.write(folder.resolve("model.safetensors"), tensors, SafetensorsWriter.METADATA);
    }

    private SequencedMap<String, Tensor> all() {
        Safetensors file = Safetensors.open(folder.resolve("model.safetensors"));
        SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
        file.names().forEach(name -> tensors.put(name, file.read(name)));
        return tensors;
    }

    // --- bad input

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "llama | \"model_type\": \"llama\"      | \"model_type\": \"java.lang.Runtime\" | is not known", // 138
                "llama | \"hidden_act\": \"silu\"       | \"hidden_act\": \"gelu\"       | hidden_act",
                "llama | \"vocab_size\": 61             | \"vocab_size\": 62             | [61, 16]", // BAD-INPUT 133
                "llama | \"vocab_size\": 61             | \"vocab_size\": 2147483647     | [61, 16]",
                "llama | \"num_hidden_layers\": 2       | \"num_hidden_layers\": 3       | model.layers.2", // 131
                "llama | \"num_hidden_layers\": 2       | \"num_hidden_layers\": 10000   | model.layers.9999",
                "llama | \"num_hidden_layers\": 2       | \"num_hidden_layers\": 1       | beyond it", // BAD-INPUT 131
                "llama | \"intermediate_size\": 20      | \"intermediate_size\": 24      | [20, 16]", // BAD-INPUT 132
                "llama | \"tie_word_embeddings\": false | \"tie_word_embeddings\": true  | must equal", // 137
                "llama | \"attention_bias\": false      | \"attention_bias\": true       | attention_bias",
                "llama3| \"rope_type\": \"llama3\"      | \"rope_type\": \"longrope\"    | longrope",
                "gpt2  | \"gelu_new\"                   | \"quick_gelu\"                 | activation_function",
                "bert  | \"is_decoder\": false          | \"is_decoder\": true           | is_decoder",
            })
    void configurationsThatDoNotFit(String name, String from, String to, String reason) throws IOException {
        copyChanged(name, config -> {
            assertThat(config).contains(from);
            return config.replace(from, to);
        });
        refused(CheckpointMismatchException.class, reason);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"num_hidden_layers\": 2     | \"num_hidden_layers\": 0    | num_hidden_layers",
                "\"num_hidden_layers\": 2     | \"num_hidden_layers\": 2147483647 | 2147483647",
                "\"hidden_size\": 16          | \"hidden_size\": \"16\"     | hidden_size",
                "\"num_attention_heads\": 4   | \"num_attention_heads\": -4 | num_attention_heads",
                "\"num_key_value_heads\": 2   | \"num_key_value_heads\": 3  | kvHeads=3",
                "\"head_dim\": 4              | \"head_dim\": 3             | headDim",
                "\"rms_norm_eps\": 1e-06      | \"rms_norm_eps\": -1        | eps",
                "\"rope_theta\": 10000.0      | \"rope_theta\": \"x\"       | rope_theta",
                "\"tie_word_embeddings\": false | \"tie_word_embeddings\": 1 | tie_word_embeddings",
                "\"vocab_size\": 61           | \"vocab_size\": 61.5        | vocab_size",
            })
    void configurationsThatSayNonsense(String from, String to, String reason) throws IOException {
        copyChanged("llama", config -> {
            assertThat(config).contains(from);
            return config.replace(from, to);
        });
        refused(CorruptCheckpointException.class, "config.json", reason);
    }

    @Test
    void missingFiles() throws IOException {
        refused(DataException.class, "config.json"); // BAD-INPUT 88
        copy(golden("llama"), folder);
        Files.delete(folder.resolve("model.safetensors"));
        refused(DataException.class, "has neither model.safetensors nor");
        Files.write(folder.resolve("model.safetensors.tmp"), new byte[] {1}); // BAD-INPUT 125
        refused(DataException.class, "has neither model.safetensors nor");
        Files.write(folder.resolve("pytorch_model.bin"), new byte[] {(byte) 0x80, 2});
        refused(CorruptCheckpointException.class, "pickle"); // BAD-INPUT 127
        Files.write(folder.resolve("model.safetensors"), new byte[] {'P', 'K', 3, 4, 0, 0, 0, 0});
        refused(CorruptCheckpointException.class, "zip"); // BAD-INPUT 128: nothing is ever unpacked
    }

    @Test
    void tensorsThatAreNotFinite() throws IOException { // BAD-INPUT 130
        copy(golden("llama"), folder);
        float[] values = new float[16];
        Arrays.fill(values, Float.NaN);
        add("model.norm.weight", Tensor.of(values, 16));
        refused(CorruptCheckpointException.class, "model.norm.weight", "not finite");
    }

    @Test
    void float64WeightsAreConverted() throws IOException {
        copy(golden("llama"), folder);
        SequencedMap<String, Tensor> tensors = all();
        tensors.replaceAll((name, tensor) -> tensor.to(DType.FLOAT64));
        SafetensorsWriter.write(folder.resolve("model.safetensors"), tensors, SafetensorsWriter.METADATA);
        Safetensors expected = Safetensors.open(folder.resolve("expected.safetensors"));
        near(run(HuggingFaceFolder.load(folder), expected), expected.read("out"));
        tensors.put("model.norm.weight", Tensor.of(new double[16], 16).add(1e300)); // beyond float32
        SafetensorsWriter.write(folder.resolve("model.safetensors"), tensors, SafetensorsWriter.METADATA);
        refused(CorruptCheckpointException.class, "model.norm.weight", "not finite");
    }

    @Test
    void tensorsBeyondTheModel() throws IOException { // BAD-INPUT 131
        copy(golden("llama"), folder);
        add("model.layers.0.self_attn.q_norm.weight", Tensor.ones(4));
        refused(CheckpointMismatchException.class, "q_norm");
    }

    @Test
    void anExtraCopyThatAgreesIsNoHarm() throws IOException {
        copy(golden("gpt2"), folder);
        add("lm_head.weight", all().get("transformer.wte.weight"));
        assertThat(HuggingFaceFolder.load(folder)).isInstanceOf(Gpt.class);
        add("lm_head.weight", Tensor.zeros(61, 12));
        refused(CheckpointMismatchException.class, "lm_head.weight must equal"); // BAD-INPUT 137
        add("lm_head.weight", Tensor.zeros(61, 13));
        refused(CheckpointMismatchException.class, "lm_head.weight must equal");
    }

    @Test
    void x10_aGpt2WithAHeadOfItsOwn() {
        Gpt gpt = new Gpt(new GptConfig(9, 8, 2, 2, 8, 0).withHead(Head.OWN), Rng.of(3));
        gpt.eval();
        HuggingFaceFolder.save(folder, gpt);
        Gpt read = (Gpt) HuggingFaceFolder.load(folder);
        Indices ids = Indices.of(Shape.of(1, 4), new int[] {1, 5, 8, 2});
        assertThat(read.config().head()).isEqualTo(Head.OWN);
        assertThat(read.forward(ids).toArray()).isEqualTo(gpt.forward(ids).toArray());
        assertThat(all()).containsKey("lm_head.weight");
    }

    @Test
    void modelsThatNobodyElseCouldOpen() {
        assertThatThrownBy(() -> HuggingFaceFolder.save(folder, new Linear(2, 2, Rng.of(1))))
                .isInstanceOf(CheckpointMismatchException.class)
                .hasMessageContaining("Linear");
        Gpt own = new Gpt(new GptConfig(7, 4, 1, 2, 8, 0).withNorm(new Norms.Rms(1e-6)), Rng.of(1));
        assertThatThrownBy(() -> HuggingFaceFolder.save(folder, own))
                .isInstanceOf(CheckpointMismatchException.class)
                .hasMessageContaining("parts that GPT-2 has not");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void anEncoderWithoutAPooler() {
        BertEncoder encoder = (BertEncoder) HuggingFaceFolder.load(golden("bert"));
        BertEncoder bare = new BertEncoder(encoder.config(), Rng.of(1));
        bare.state().forEach((name, tensor) -> tensor.copyFrom(encoder.state().get(name)));
        HuggingFaceFolder.save(folder, bare);
        assertThat(HuggingFaceFolder.load(folder)).isExactlyInstanceOf(BertEncoder.class);
    }

    /// Writes what huggingface_check.py then opens with transformers: `-Dgradus.export=FOLDER`.
    @Test
    void exportsForTransformers() {
        String target = System.getProperty("gradus.export");
        org.junit.jupiter.api.Assumptions.assumeTrue(target != null, "skipped: -Dgradus.export names no folder");
        for (String name : new String[] {
            "gpt2", "bert", "bert_mlm", "llama", "llama3", "llama_linear", "qwen2", "qwen2_yarn", "mixtral"
        }) {
            HuggingFaceFolder.save(Path.of(target, name), HuggingFaceFolder.load(golden(name)));
        }
        HuggingFaceFolder.save(
                Path.of(target, "llama_tokenizer"),
                HuggingFaceFolder.load(golden("llama_tokenizer")),
                Tokenizers.load(golden("llama_tokenizer")));
    }
}
