package gradus.train.pretrained;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.CheckpointMismatchException;
import gradus.error.CorruptCheckpointException;
import gradus.error.GradusException;
import gradus.layers.Layer;
import gradus.layers.adapter.Quantization;
import gradus.layers.model.Bert;
import gradus.layers.model.Gpt;
import gradus.layers.model.LanguageModel;
import gradus.layers.model.Llama;
import gradus.layers.model.Mixtral;
import gradus.layers.model.Qwen2;
import gradus.layers.model.config.Attentions;
import gradus.layers.model.config.BertConfig;
import gradus.layers.model.config.FeedForwards;
import gradus.layers.model.config.GptConfig;
import gradus.layers.model.config.Head;
import gradus.layers.model.config.LlamaConfig;
import gradus.layers.model.config.Norms;
import gradus.layers.model.config.Positions;
import gradus.tensor.Tensor;
import gradus.tensor.quant.QuantConfig;
import gradus.tensor.quant.QuantizedMatrix;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import gradus.train.checkpoint.CheckpointJson;
import gradus.train.checkpoint.ElementType;
import gradus.train.checkpoint.RawTensor;
import gradus.train.checkpoint.Safetensors;
import gradus.train.checkpoint.SafetensorsWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Whole models in 4 bits, written to a folder and read again.
class FourBitFolderTest {
    private static final Rng RNG = Rng.of(23);
    private static final Indices IDS = Indices.of(1, 5, 2, 7).reshape(1, 4);

    @TempDir
    private Path folder;

    private static LlamaConfig small() {
        return LlamaConfig.of(16, 2, 2).withVocabSize(11).withContext(8).withHidden(24);
    }

    static Stream<Layer> models() {
        return Stream.of(
                new Gpt(new GptConfig(11, 8, 2, 2, 16, 0), RNG),
                new Llama(small(), RNG),
                new Llama(small().withTied(true), RNG),
                new Qwen2(small(), RNG),
                new Mixtral(small(), 3, 2, RNG));
    }

    private static double[] logits(Layer model) {
        return ((LanguageModel) model).forward(IDS).toArray();
    }

    /// The same logits, matrices and bytes after a round trip, in both layouts.
    @ParameterizedTest
    @MethodSource("models")
    void aFolderGivesBackTheModel(Layer model) throws IOException {
        model.eval();
        for (QuantConfig config : List.of(QuantConfig.NF4, QuantConfig.NF4_DOUBLE)) {
            Quantization.dequantize(model);
            SequencedMap<String, QuantizedMatrix> matrices = Quantization.quantize(model, config);
            double[] expected = logits(model);
            Path first = folder.resolve(config.name());
            HuggingFaceFolder.save(first, model);
            Layer read = HuggingFaceFolder.load(first);
            assertThat(read.getClass()).isEqualTo(model.getClass());
            assertThat(Quantization.matrices(read).keySet()).isEqualTo(matrices.keySet());
            Quantization.matrices(read)
                    .forEach((name, matrix) ->
                            assertThat(matrix.same(matrices.get(name))).isTrue());
            assertThat(logits(read)).isEqualTo(expected);
            Path second = folder.resolve(config.name() + "-again");
            HuggingFaceFolder.save(second, read);
            for (String file : List.of("config.json", "model.safetensors")) {
                assertThat(Files.mismatch(first.resolve(file), second.resolve(file)))
                        .isEqualTo(-1);
            }
        }
    }

    /// ADAPTING 1: exactly these tensors and this configuration.
    @Test
    void theFolderHasWhatTransformersWrites() {
        Gpt gpt = new Gpt(new GptConfig(11, 8, 1, 2, 16, 0), RNG);
        Quantization.quantize(gpt, QuantConfig.NF4_DOUBLE);
        HuggingFaceFolder.save(folder, gpt);
        Safetensors file = Safetensors.open(folder.resolve("model.safetensors"));
        TreeSet<String> expected = new TreeSet<>(
                gpt.state().keySet().stream().map(name -> "transformer." + name).toList());
        for (String name : Quantization.matrices(gpt).keySet()) {
            for (String part : List.of(
                    "",
                    ".absmax",
                    ".quant_map",
                    ".nested_absmax",
                    ".nested_quant_map",
                    ".quant_state.bitsandbytes__nf4")) {
                expected.add("transformer." + name + part);
            }
        }
        assertThat(new TreeSet<>(file.names())).isEqualTo(expected);
        String weight = "transformer.h.0.attn.c_attn.weight"; // (48, 16), as a Linear has it
        assertThat(file.type(weight)).isEqualTo(ElementType.U8);
        assertThat(file.shape(weight)).containsExactly(48 * 16 / 2, 1);
        assertThat(new String(file.bytes(weight + ".quant_state.bitsandbytes__nf4")))
                .startsWith("{\"quant_type\": \"nf4\", \"blocksize\": 64, \"dtype\": \"float32\", \"shape\": [48, 16],"
                        + " \"nested_blocksize\": 256, \"nested_dtype\": \"float32\", \"nested_offset\": 0.");
        assertThat(CheckpointJson.read(folder.resolve("config.json"))
                        .get("quantization_config")
                        .toString())
                .isEqualTo("{\"_load_in_4bit\":true,\"_load_in_8bit\":false,\"bnb_4bit_compute_dtype\":\"float32\","
                        + "\"bnb_4bit_quant_storage\":\"uint8\",\"bnb_4bit_quant_type\":\"nf4\","
                        + "\"bnb_4bit_use_double_quant\":true,\"llm_int8_enable_fp32_cpu_offload\":false,"
                        + "\"llm_int8_has_fp16_weight\":false,\"llm_int8_skip_modules\":null,"
                        + "\"llm_int8_threshold\":6.0,\"load_in_4bit\":true,\"load_in_8bit\":false,"
                        + "\"quant_method\":\"bitsandbytes\"}");
    }

    /// A model of Llama's parts is written as a Llama, its matrices as they are.
    @Test
    void aComposedLlamaIsWrittenInFourBits() {
        GptConfig config = new GptConfig(11, 8, 1, 2, 16, 0)
                .withAttention(new Attentions.GroupedQuery(1))
                .withPosition(new Positions.Rope(10_000))
                .withNorm(new Norms.Rms(1e-6))
                .withFeedForward(new FeedForwards.SwiGluUnits(24))
                .withHead(Head.OWN);
        Gpt gpt = new Gpt(config, RNG);
        gpt.eval();
        Quantization.quantize(gpt, QuantConfig.NF4);
        HuggingFaceFolder.save(folder, gpt);
        Layer llama = HuggingFaceFolder.load(folder);
        assertThat(llama).isInstanceOf(Llama.class);
        assertThat(logits(llama)).isEqualTo(logits(gpt));
        assertThat(Quantization.matrices(llama)).hasSize(7).doesNotContainKey("lm_head.weight");
    }

    @Test
    void anEncoderIsReadToo() {
        Bert bert = new Bert(new BertConfig(20, 16, 2, 2, 4, 16, 24, 0, 1e-12), RNG);
        bert.eval();
        Quantization.quantize(bert, QuantConfig.NF4_DOUBLE);
        HuggingFaceFolder.save(folder, bert);
        Layer read = HuggingFaceFolder.load(folder);
        assertThat(Quantization.matrices(read).keySet())
                .isEqualTo(Quantization.matrices(bert).keySet());
    }

    // --- what is refused

    private Llama saved() {
        Llama llama = new Llama(small(), RNG);
        llama.eval();
        Quantization.quantize(llama, QuantConfig.NF4);
        HuggingFaceFolder.save(folder, llama);
        return llama;
    }

    private void refused(Class<? extends GradusException> type, String... parts) {
        assertThatThrownBy(() -> HuggingFaceFolder.load(folder))
                .isInstanceOf(type)
                .hasMessageContainingAll(parts);
    }

    private void change(String from, String to) throws IOException {
        Path file = folder.resolve("config.json");
        String text = Files.readString(file);
        assertThat(text).contains(from);
        Files.writeString(file, text.replace(from, to));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"quant_method\" : \"bitsandbytes\" | \"quant_method\" : \"gptq\" | 'quant_method' = gptq",
                "\"bnb_4bit_quant_type\" : \"nf4\" | \"bnb_4bit_quant_type\" : \"fp4\" | bnb_4bit_quant_type = \"fp4\"",
                "\"bnb_4bit_quant_type\" : \"nf4\", | '' | bnb_4bit_quant_type = nothing",
                "\"load_in_8bit\" : false | \"load_in_8bit\" : true | 'load_in_8bit' = true",
                "\"load_in_4bit\" : true | \"load_in_4bit\" : false | only bitsandbytes with load_in_4bit is read",
                "\"bnb_4bit_quant_storage\" : \"uint8\" | \"bnb_4bit_quant_storage\" : \"bfloat16\" | codes are bytes",
                "\"llm_int8_threshold\" | \"llm_int8_thresholds\" | 'llm_int8_thresholds' is not known"
            })
    void otherQuantisationsAreRefusedByName(String from, String to, String message) throws IOException {
        saved();
        change(from, to);
        refused(CheckpointMismatchException.class, "quantization_config", message);
    }

    @Test
    void whatChangesNothingIsPassedOver() throws IOException {
        Llama llama = saved();
        change("\"bnb_4bit_compute_dtype\" : \"float32\"", "\"bnb_4bit_compute_dtype\" : \"bfloat16\"");
        change("\"llm_int8_skip_modules\" : null", "\"llm_int8_skip_modules\" : [\"lm_head\"]");
        assertThat(logits(HuggingFaceFolder.load(folder))).isEqualTo(logits(llama));
    }

    /// Without the word in config.json, the parts of matrices are tensors that no model has.
    @Test
    void fourBitsWithoutAWordAreRefused() throws IOException {
        saved();
        change("\"quantization_config\"", "\"task_specific_params\"");
        refused(CheckpointMismatchException.class, "model.safetensors");
    }

    @Test
    void onlyLinearLayersAreInFourBits() {
        Llama llama = saved();
        Safetensors file = Safetensors.open(folder.resolve("model.safetensors"));
        SequencedMap<String, RawTensor> tensors = new LinkedHashMap<>();
        for (String name : file.names()) {
            if (!name.equals("model.embed_tokens.weight")) {
                tensors.put(name, new RawTensor(file.type(name), file.shape(name), ByteBuffer.wrap(file.bytes(name))));
            }
        }
        Tensor table = llama.namedParameters().get("model.embed_tokens.weight");
        BitsAndBytes.put(tensors, "model.embed_tokens.weight", table.quantize(QuantConfig.NF4));
        SafetensorsWriter.write(folder.resolve("model.safetensors"), new LinkedHashMap<>(), tensors, Map.of());
        refused(CheckpointMismatchException.class, "model.embed_tokens.weight is in 4 bits; only linear layers'");
    }

    @Test
    void aMatrixOfAnotherShapeIsRefused() {
        saved();
        Safetensors file = Safetensors.open(folder.resolve("model.safetensors"));
        SequencedMap<String, RawTensor> tensors = new LinkedHashMap<>();
        for (String name : file.names()) {
            tensors.put(name, new RawTensor(file.type(name), file.shape(name), ByteBuffer.wrap(file.bytes(name))));
        }
        String name = "model.layers.0.mlp.down_proj.weight"; // (16, 24)
        BitsAndBytes.put(tensors, name, Tensor.ones(24, 16).quantize(QuantConfig.NF4));
        SafetensorsWriter.write(folder.resolve("model.safetensors"), new LinkedHashMap<>(), tensors, Map.of());
        refused(CheckpointMismatchException.class, name, "[24, 16]");
    }

    @Test
    void eightBitsAreNoFolder() {
        Llama llama = new Llama(LlamaConfig.of(32, 2, 1).withVocabSize(11).withHidden(32), RNG);
        Quantization.quantize(llama, QuantConfig.Q8_0);
        assertThatThrownBy(() -> HuggingFaceFolder.save(folder, llama))
                .isInstanceOf(CheckpointMismatchException.class)
                .hasMessageContaining("a Hugging Face folder takes nf4");
        assertThat(folder.resolve("model.safetensors")).doesNotExist();
    }

    @Test
    void aDamagedScaleIsRefused() {
        saved();
        Path path = folder.resolve("model.safetensors");
        Safetensors file = Safetensors.open(path);
        SequencedMap<String, RawTensor> tensors = new LinkedHashMap<>();
        for (String name : file.names()) {
            byte[] bytes = file.bytes(name);
            if (name.endsWith("layers.1.mlp.up_proj.weight.absmax")) {
                bytes[2] = (byte) 0x80;
                bytes[3] = 0x7F; // infinite, little-endian
            }
            tensors.put(name, new RawTensor(file.type(name), file.shape(name), ByteBuffer.wrap(bytes)));
        }
        SafetensorsWriter.write(path, new LinkedHashMap<>(), tensors, Map.of());
        refused(CorruptCheckpointException.class, "model.layers.1.mlp.up_proj.weight.absmax");
    }
}
