package gradus.train.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.CheckpointMismatchException;
import gradus.error.ConfigException;
import gradus.error.GradusException;
import gradus.layers.Linear;
import gradus.layers.adapter.LoraConfig;
import gradus.layers.adapter.Quantization;
import gradus.layers.adapter.Targets;
import gradus.layers.attention.GroupedQueryAttention;
import gradus.layers.attention.mask.ShiftedSparse;
import gradus.layers.model.Gpt;
import gradus.layers.model.Llama;
import gradus.layers.model.Qwen2;
import gradus.layers.model.RmsDecoder;
import gradus.layers.model.config.GptConfig;
import gradus.layers.model.config.LlamaConfig;
import gradus.layers.position.PositionInterpolation;
import gradus.tensor.Autograd;
import gradus.tensor.Tensor;
import gradus.tensor.quant.QuantConfig;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.train.BpeTrainer;
import gradus.tokenizer.train.BpeTrainerOptions;
import gradus.train.optimizer.AdamConfig;
import gradus.train.optimizer.AdamW;
import gradus.train.pretrained.HuggingFaceFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A longer context by LongLoRA.
class LongLoraTest {
    private static final LoraConfig LORA = LoraConfig.of(Targets.named(List.of("q_proj", "k_proj", "v_proj", "o_proj")))
            .withR(2);
    private static final LlamaConfig SIZE = LlamaConfig.of(16, 4, 2)
            .withVocabSize(270)
            .withContext(8)
            .withKvHeads(2)
            .withHidden(24);

    @TempDir
    private Path folder;

    private static Indices ids(int time) {
        Rng rng = Rng.of(8);
        int[] ids = new int[2 * time];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = rng.index(i, 256);
        }
        return Indices.of(Shape.of(2, time), ids);
    }

    private static Llama base() {
        return new Llama(SIZE, Rng.of(1)).eval();
    }

    private static float[] logits(gradus.layers.model.LanguageModel model, Indices ids) {
        try (var pause = Autograd.noGrad()) {
            return model.forward(ids).toFloatArray();
        }
    }

    /// At the start it is the base with interpolated positions, and full attention in evaluation.
    @Test
    void startsAsTheInterpolatedBase() {
        Llama base = base();
        Llama expected =
                new Llama(SIZE.withContext(20).withFrequencies(new PositionInterpolation(10_000, 3)), Rng.of(2)).eval();
        Map<String, Tensor> weights = base.namedParameters();
        expected.namedParameters().forEach((name, parameter) -> parameter.copyFrom(weights.get(name)));
        Tuned tuned = new LongLoraTuning(LORA, 20, 4, true, true, 1).on(base, Rng.of(3));
        tuned.model().eval();
        assertThat(tuned.model().context()).isEqualTo(20);
        assertThat(logits(tuned.model(), ids(20))).isEqualTo(logits(expected, ids(20)));
        assertThat(tuned.notes().getFirst()).contains("8 → 20", "3 times closer", "groups of 4");
    }

    /// While it trains, attention is shifted sparse, by the mask that is tested on its own.
    @Test
    void trainsWithShiftedSparseAttention() {
        Tuned tuned = new LongLoraTuning(LORA, 16, 4, true, true, 1).on(base(), Rng.of(3));
        Llama other = new Llama(((Llama) tuned.model()).config(), Rng.of(2));
        Map<String, Tensor> weights = tuned.model().namedParameters();
        other.namedParameters().forEach((name, parameter) -> parameter.copyFrom(weights.get(name)));
        other.namedLayers(GroupedQueryAttention.class)
                .values()
                .forEach(attention -> attention.maskWhileTraining(new ShiftedSparse(4)));
        tuned.model().eval();
        float[] full = logits(tuned.model(), ids(16));
        tuned.model().train();
        float[] sparse = logits(tuned.model(), ids(16));
        other.train();
        assertThat(sparse).isEqualTo(logits(other, ids(16))).isNotEqualTo(full);
        // the first group of the first block sees the same either way
        int row = SIZE.vocabSize();
        for (int i = 0; i < row; i++) {
            assertThat(sparse[i]).isCloseTo(full[i], within(1e-5f));
        }
        tuned.model().eval();
        assertThat(logits(tuned.model(), ids(16))).isEqualTo(full);
    }

    /// Positions that are interpolated already come closer once more: twice and twice.
    @Test
    void anInterpolatedBaseGoesFurther() {
        Llama base = new Llama(SIZE.withFrequencies(new PositionInterpolation(500, 2)), Rng.of(1));
        RmsDecoder longer =
                (RmsDecoder) LongLoraTuning.of(LORA, 16).on(base, Rng.of(3)).model();
        assertThat(longer.config().frequencies()).isEqualTo(new PositionInterpolation(500, 4));
        assertThat(longer.config().context()).isEqualTo(16);
    }

    /// A Qwen2 stays one, with its biases, and its quantised matrices stay quantised.
    @Test
    void theKindOfTheBaseStays() {
        Qwen2 base = new Qwen2(SIZE, Rng.of(1)).eval();
        base.namedParameters().forEach((name, each) -> {
            if (name.endsWith("bias")) {
                each.copyFrom(Tensor.randn(Rng.of(5).at(name), each.shape().dims()));
            }
        });
        Quantization.quantize(base, QuantConfig.NF4_DOUBLE);
        Tuned tuned = LongLoraTuning.of(LORA, 16).on(base, Rng.of(3));
        assertThat(tuned.model()).isInstanceOf(Qwen2.class);
        Map<String, Linear> own = base.namedLayers(Linear.class);
        Map<String, Linear> linears = tuned.model().namedLayers(Linear.class);
        assertThat(linears.keySet()).containsAll(own.keySet());
        own.forEach((name, linear) ->
                assertThat(linears.get(name).quantized()).as(name).isSameAs(linear.quantized()));
        assertThat(own.values()).anyMatch(linear -> linear.quantized() != null);
        Qwen2 expected =
                new Qwen2(SIZE.withContext(16).withFrequencies(new PositionInterpolation(10_000, 2)), Rng.of(2)).eval();
        expected.namedLayers(Linear.class).forEach((name, linear) -> {
            if (own.get(name).quantized() != null) {
                linear.quantize(own.get(name).quantized());
            }
        });
        expected.namedParameters()
                .forEach((name, each) -> each.copyFrom(base.namedParameters().get(name)));
        tuned.model().eval();
        assertThat(logits(tuned.model(), ids(16))).isEqualTo(logits(expected, ids(16)));
    }

    @Test
    void whatIsAskedForIsKept() {
        LongLoraTuning usual = LongLoraTuning.of(LORA.withModulesToSave("lm_head"), 16);
        assertThat(usual.group()).isEqualTo(4);
        Llama untied = new Llama(SIZE.withTied(false), Rng.of(1));
        assertThat(usual.on(untied, Rng.of(3)).trained().keySet())
                .contains("lm_head.weight", "model.embed_tokens.weight", "model.norm.weight");
        Tuned faster = usual.withRatio(16).on(untied, Rng.of(3));
        assertThat(moved(faster)).isGreaterThan(8 * moved(usual.on(untied, Rng.of(3))));
    }

    /// How far the first step takes the matrices B, which start with 0.
    private static double moved(Tuned tuned) {
        AdamW adam = new AdamW(tuned.groups(), AdamConfig.defaults());
        tuned.model().forward(ids(16)).square().sum().backward();
        adam.step(1e-3);
        return tuned.trained().entrySet().stream()
                .filter(each -> each.getKey().contains("lora_B"))
                .mapToDouble(each -> each.getValue().abs().max().item())
                .max()
                .orElseThrow();
    }

    @Test
    void whatIsTrainedFollowsTheAblation() {
        for (boolean embeddings : new boolean[] {false, true}) {
            for (boolean norms : new boolean[] {false, true}) {
                Tuned tuned = new LongLoraTuning(LORA, 16, 4, embeddings, norms, 1).on(base(), Rng.of(3));
                long lora = tuned.trained().keySet().stream()
                        .filter(name -> name.contains("lora_"))
                        .count();
                assertThat(lora).isEqualTo(16); // A and B of 4 layers in 2 blocks
                List<String> rest = tuned.trained().keySet().stream()
                        .filter(name -> !name.contains("lora_"))
                        .toList();
                assertThat(rest).hasSize((embeddings ? 1 : 0) + (norms ? 5 : 0));
                assertThat(rest.contains("model.embed_tokens.weight")).isEqualTo(embeddings);
                assertThat(rest.contains("model.norm.weight")).isEqualTo(norms);
                assertThat(tuned.trainedParameters())
                        .isEqualTo(tuned.trained().values().stream()
                                .mapToLong(Tensor::size)
                                .sum());
            }
        }
    }

    /// Trained, saved, opened, merged: a Hugging Face folder with the new context, and the same logits to
    /// rounding, of sums of 16 products of order 1 in float32.
    @Test
    void mergesIntoAModelWithTheLongerContext() {
        Tokenizer tokenizer = new BpeTrainer(BpeTrainerOptions.of(260)).train("the cat sees the dog");
        Path base = folder.resolve("base");
        HuggingFaceFolder.save(base, base(), tokenizer);
        Path out = folder.resolve("out");
        OpenBase opened = OpenBase.of(base);
        Tuned tuned = new LongLoraTuning(LORA, 16, 4, true, true, 1).on(opened.model(), Rng.of(3));
        try (var pause = Autograd.noGrad()) {
            tuned.trained()
                    .forEach((name, parameter) -> parameter.copyFrom(
                            Tensor.randn(Rng.of(4).at(name), parameter.shape().dims())
                                    .mul(0.1)
                                    .add(parameter)));
        }
        tuned.model().eval();
        float[] expected = logits(tuned.model(), ids(16));
        tuned.save(out, opened);
        assertThat(out.resolve("adapter_config.json"))
                .content()
                .contains("embed_tokens", "input_layernorm", "model.norm");
        Path merged = folder.resolve("merged");
        new gradus.train.run.Export(line -> {}, false)
                .huggingFace(Adapted.open(base, out).merged(), merged);
        Llama model = HuggingFaceFolder.loadLlama(merged);
        assertThat(model.config().context()).isEqualTo(16);
        assertThat(model.config().frequencies()).isEqualTo(new PositionInterpolation(10_000, 2));
        assertThat(logits(model, ids(16))).containsExactly(expected, within(1e-4f));
        assertThat(merged.resolve("config.json"))
                .content()
                .containsPattern("\"max_position_embeddings\"\\s*:\\s*16")
                .containsPattern("\"factor\"\\s*:\\s*2.0");
        // the base is untouched
        assertThat(opened.model().namedParameters().get("model.norm.weight").toFloatArray())
                .isEqualTo(base().namedParameters().get("model.norm.weight").toFloatArray());
    }

    /// Every flip of a bit in the file beside the adapter is refused.
    @Test
    void damageIsNoticed() throws IOException {
        Tokenizer tokenizer = new BpeTrainer(BpeTrainerOptions.of(260)).train("the cat sees the dog");
        Path base = folder.resolve("base");
        HuggingFaceFolder.save(base, base(), tokenizer);
        Path out = folder.resolve("out");
        OpenBase opened = OpenBase.of(base);
        new LongLoraTuning(LORA, 16, 4, false, true, 1)
                .on(opened.model(), Rng.of(3))
                .save(out, opened);
        Path file = out.resolve(LongContext.FILE);
        byte[] bytes = Files.readAllBytes(file);
        for (int bit = 0; bit < 8 * bytes.length; bit += 7) {
            byte[] flipped = bytes.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            Files.write(file, flipped);
            assertThatThrownBy(() -> Adapted.open(base, out)).as("bit %d", bit).isInstanceOf(GradusException.class);
        }
        Files.delete(file);
        assertThatThrownBy(() -> Adapted.open(base, out)).hasMessageContaining(LongContext.FILE);
        Files.write(file, bytes);
        Path gpt = folder.resolve("gpt");
        HuggingFaceFolder.save(gpt, new Gpt(new GptConfig(270, 8, 1, 2, 16, 0), Rng.of(1)).eval(), tokenizer);
        assertThatThrownBy(() -> Adapted.open(gpt, out))
                .isInstanceOf(CheckpointMismatchException.class)
                .hasMessageContaining("the base is a Gpt");
    }

    @Test
    void badInput() {
        for (int group : new int[] {1, 3, 16, 32, 0, -4}) { // BAD-INPUT 32
            assertThatThrownBy(() -> new LongLoraTuning(LORA, 16, group, true, true, 1))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("got group=" + group + ", context=16");
        }
        assertThatThrownBy(() -> LongLoraTuning.of(LORA, 18)).hasMessageContaining("a multiple of 4; got 18");
        assertThatThrownBy(() -> LongLoraTuning.of(LORA, 8).on(base(), Rng.of(1)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("must be above that of the base, which is 8; got 8");
        Gpt gpt = new Gpt(new GptConfig(270, 8, 1, 2, 16, 0), Rng.of(1));
        assertThatThrownBy(() -> LongLoraTuning.of(LORA, 16).on(gpt, Rng.of(1)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("rotary positions");
    }
}
