package gradus.train.pretrained.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.CheckpointMismatchException;
import gradus.layers.adapter.Adapters;
import gradus.layers.adapter.Ia3Config;
import gradus.layers.adapter.LoraConfig;
import gradus.layers.adapter.LoraStart;
import gradus.layers.adapter.Part;
import gradus.layers.adapter.Targets;
import gradus.layers.model.Llama;
import gradus.layers.model.Mixtral;
import gradus.layers.model.config.LlamaConfig;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tokenizer.ByteLevelBpe;
import gradus.tokenizer.pretokenize.Llama3PreTokenizer;
import gradus.tokenizer.train.BpeTrainer;
import gradus.tokenizer.train.BpeTrainerOptions;
import gradus.train.checkpoint.Gguf;
import gradus.train.checkpoint.GgufType;
import gradus.train.checkpoint.SafetensorsWriter;
import gradus.train.corpus.WordNetCorpus;
import gradus.train.pretrained.peft.PeftFolder;
import gradus.train.pretrained.peft.PeftSamples;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// LoRA files for llama.cpp, by its own reader and by what it writes with them.
class LoraGgufTest {
    private static ByteLevelBpe tokenizer;

    @TempDir
    private Path folder;

    @BeforeAll
    static void learn() {
        String page = String.join("\n", WordNetCorpus.entries().subList(2000, 2060));
        tokenizer = new BpeTrainer(BpeTrainerOptions.of(320).withPreTokenizer(new Llama3PreTokenizer())).train(page);
    }

    private static Llama llama() {
        LlamaConfig config = LlamaConfig.of(64, 4, 2)
                .withVocabSize(tokenizer.vocabularySize())
                .withContext(64)
                .withKvHeads(2);
        return new Llama(config, Rng.of(4)).eval();
    }

    private static Adapters tuned(LoraConfig config) {
        Adapters adapters = PeftFolder.prepare(llama());
        adapters.add("a", config, Rng.of(1));
        int i = 0;
        for (Part part : adapters.parts("a").values()) {
            for (Tensor each : part.parameters()) {
                Tensor noise = Tensor.randn(Rng.of(2).at(i++), each.shape().dims());
                each.copyFrom(each.detach().add(noise.mul(0.1)));
            }
        }
        return adapters;
    }

    /// rsLoRA with a rank and an α of their own, and a start that took a part of the base.
    private static LoraConfig hard() {
        return LoraConfig.of(Targets.allLinear())
                .withR(4)
                .withAlpha(5)
                .withRslora(true)
                .withRankPattern(new LinkedHashMap<>(Map.of("q_proj", 2)))
                .withAlphaPattern(new LinkedHashMap<>(Map.of("layers.1.mlp.up_proj", 9.0)));
    }

    @Test
    void keysAndShapesAreLlamaCpps() {
        Adapters adapters = tuned(
                LoraConfig.of(Targets.named("q_proj", "embed_tokens")).withR(3).withAlpha(6));
        Path file = folder.resolve("lora.gguf");
        LoraGguf.write(file, adapters, "a");
        Gguf gguf = Gguf.open(file);
        assertThat(gguf.text("general.type")).isEqualTo("adapter");
        assertThat(gguf.text("adapter.type")).isEqualTo("lora");
        assertThat(gguf.text("general.architecture")).isEqualTo("llama");
        assertThat(gguf.names())
                .containsExactly(
                        "token_embd.weight.lora_a",
                        "token_embd.weight.lora_b",
                        "blk.0.attn_q.weight.lora_a",
                        "blk.0.attn_q.weight.lora_b",
                        "blk.1.attn_q.weight.lora_a",
                        "blk.1.attn_q.weight.lora_b");
        assertThat(gguf.shape("token_embd.weight.lora_a")).containsExactly(tokenizer.vocabularySize(), 3);
        assertThat(gguf.shape("blk.0.attn_q.weight.lora_a")).containsExactly(3, 64);
        assertThat(gguf.shape("blk.0.attn_q.weight.lora_b")).containsExactly(64, 3);
    }

    /// ΔW in llama.cpp's order is what differs between the base's and the merged model's own GGUF files.
    @Test
    void itsChangeIsThatOfTheMergedFile() {
        for (LoraConfig config : List.of(hard(), hard().withStart(LoraStart.PISSA))) {
            Adapters adapters = tuned(config);
            Path file = folder.resolve("lora.gguf");
            LoraGguf.write(file, adapters, "a");
            deltas(adapters).forEach((name, delta) -> {
                Gguf gguf = Gguf.open(file);
                Tensor a = gguf.read(name + ".lora_a");
                Tensor b = gguf.read(name + ".lora_b");
                double alpha = gguf.number("adapter.lora.alpha");
                assertThat(b.matmul(a).mul(alpha / a.dim(0)).allClose(delta, 0, 1e-5))
                        .as(name)
                        .isTrue();
            });
        }
    }

    private SequencedMap<String, Tensor> deltas(Adapters adapters) {
        Path plain = folder.resolve("base.gguf");
        Path merged = folder.resolve("merged.gguf");
        new GgufModel(llama(), tokenizer).write(plain, GgufType.F32);
        List<String> layers = List.copyOf(adapters.parts("a").keySet());
        adapters.merge();
        adapters.detach();
        new GgufModel(adapters.model(), tokenizer).write(merged, GgufType.F32);
        SequencedMap<String, Tensor> deltas = new LinkedHashMap<>();
        for (String layer : layers) {
            String name = GgufNames.LLAMA.fileName(layer + ".weight");
            deltas.put(name, Gguf.open(merged).read(name).sub(Gguf.open(plain).read(name)));
        }
        return deltas;
    }

    @Test
    void llamaCppsOwnReaderFindsTheSameChange() throws IOException, InterruptedException {
        Adapters adapters = tuned(hard());
        Path file = folder.resolve("lora.gguf");
        Path deltas = folder.resolve("deltas.safetensors");
        LoraGguf.write(file, adapters, "a");
        SafetensorsWriter.write(deltas, deltas(adapters), SafetensorsWriter.METADATA);
        PeftSamples.python("lora_gguf_check.py", file.toString(), deltas.toString());
    }

    /// Base and LoRA there say what the merged model says there.
    @Test
    void llamaCppGoesOnAsWithTheMergedModel() throws IOException, InterruptedException {
        Adapters adapters = tuned(hard());
        Path file = folder.resolve("lora.gguf");
        LoraGguf.write(file, adapters, "a");
        deltas(adapters);
        List<String> prompts = List.of("a", "the sea", "to go", "in the", "of a");
        List<String> withLora = new ArrayList<>();
        LlamaCpp.goOn(folder.resolve("base.gguf"), file, prompts, 24).forEach(each -> withLora.add(each.text()));
        List<String> merged = new ArrayList<>();
        LlamaCpp.goOn(folder.resolve("merged.gguf"), prompts, 24).forEach(each -> merged.add(each.text()));
        List<String> plain = new ArrayList<>();
        LlamaCpp.goOn(folder.resolve("base.gguf"), prompts, 24).forEach(each -> plain.add(each.text()));
        assertThat(withLora).isEqualTo(merged).isNotEqualTo(plain);
    }

    private static Mixtral mixtral() {
        LlamaConfig config = LlamaConfig.of(64, 4, 2)
                .withVocabSize(tokenizer.vocabularySize())
                .withContext(64)
                .withKvHeads(2)
                .withHidden(96);
        return GgufSamples.stirred(new Mixtral(config, 3, 2, Rng.of(6)).eval());
    }

    /// Some experts have no LoRA, and others have other ranks and scales.
    private static LoraConfig ofExperts() {
        LinkedHashMap<String, Integer> ranks = new LinkedHashMap<>(Map.of("experts.2.w1", 2));
        ranks.put("experts.1.w2", 5);
        return LoraConfig.of(Targets.allLinear().except("experts.0.w3", "experts.1.w1"))
                .withR(3)
                .withAlpha(4)
                .withRankPattern(ranks)
                .withAlphaPattern(new LinkedHashMap<>(Map.of("experts.2.w3", 9.0)));
    }

    private static Adapters tunedExperts(double size) {
        Adapters adapters = PeftFolder.prepare(mixtral());
        adapters.add("a", ofExperts(), Rng.of(1));
        int i = 0;
        for (Part part : adapters.parts("a").values()) {
            for (Tensor each : part.parameters()) {
                Tensor noise = Tensor.randn(Rng.of(2).at(i++), each.shape().dims());
                each.copyFrom(each.detach().add(noise.mul(size)));
            }
        }
        return adapters;
    }

    @Test
    void experts() throws IOException, InterruptedException {
        Adapters adapters = tunedExperts(0.3);
        Path file = folder.resolve("lora.gguf");
        LoraGguf.write(file, adapters, "a");
        Gguf lora = Gguf.open(file);
        assertThat(lora.shape("blk.1.ffn_down_exps.weight.lora_a")).containsExactly(3, 5, 96);
        assertThat(lora.shape("blk.1.ffn_down_exps.weight.lora_b")).containsExactly(3, 64, 5);
        assertThat(lora.names()).noneMatch(name -> name.contains("ffn_gate_inp")); // a router takes no adapter
        double alpha = lora.number("adapter.lora.alpha");
        Path plain = folder.resolve("base.gguf");
        Path merged = folder.resolve("merged.gguf");
        new GgufModel(mixtral(), tokenizer).write(plain, GgufType.F32);
        adapters.merge();
        adapters.detach();
        new GgufModel(adapters.model(), tokenizer).write(merged, GgufType.F32);
        for (String part : List.of("gate", "up", "down")) {
            for (int block = 0; block < 2; block++) {
                String name = "blk." + block + ".ffn_" + part + "_exps.weight";
                int r = (int) lora.shape(name + ".lora_a")[1];
                for (int e = 0; e < 3; e++) {
                    Tensor a = lora.read(name + ".lora_a", e);
                    Tensor b = lora.read(name + ".lora_b", e);
                    Tensor delta =
                            Gguf.open(merged).read(name, e).sub(Gguf.open(plain).read(name, e));
                    assertThat(b.matmul(a).mul(alpha / r).allClose(delta, 0, 1e-5))
                            .as("%s of expert %d", name, e)
                            .isTrue();
                    boolean none = part.equals("up") && e == 0 || part.equals("gate") && e == 1;
                    assertThat(delta.abs().sum().item() == 0).isEqualTo(none);
                }
            }
        }
        List<String> prompts = List.of("a", "the sea", "to go", "in the", "of a");
        List<String> withLora = new ArrayList<>();
        LlamaCpp.goOn(plain, file, prompts, 24).forEach(each -> withLora.add(each.text()));
        List<String> asOne = new ArrayList<>();
        LlamaCpp.goOn(merged, prompts, 24).forEach(each -> asOne.add(each.text()));
        List<String> base = new ArrayList<>();
        LlamaCpp.goOn(plain, prompts, 24).forEach(each -> base.add(each.text()));
        assertThat(withLora).isEqualTo(asOne).isNotEqualTo(base);
    }

    @Test
    void whatLlamaCppDoesNotKnowIsRefused() {
        Path file = folder.resolve("lora.gguf");
        LoraConfig plain = LoraConfig.of(Targets.named("q_proj"));
        assertThatThrownBy(() -> LoraGguf.write(file, tuned(plain.withDora(true)), "a"))
                .isInstanceOf(CheckpointMismatchException.class)
                .hasMessage("model.layers.0.self_attn.q_proj has a Dora, which llama.cpp does not know; merge the"
                        + " adapter instead");
        assertThatThrownBy(() -> LoraGguf.write(file, tuned(plain.withModulesToSave("model.norm")), "a"))
                .isInstanceOf(CheckpointMismatchException.class)
                .hasMessageStartingWith("llama.cpp cannot replace model.norm.weight by an adapter's");
        Adapters ia3 = PeftFolder.prepare(llama());
        ia3.add("a", Ia3Config.of(Targets.named("k_proj")), Rng.of(1));
        assertThatThrownBy(() -> LoraGguf.write(file, ia3, "a")).isInstanceOf(CheckpointMismatchException.class);
        assertThat(file).doesNotExist();
    }
}
