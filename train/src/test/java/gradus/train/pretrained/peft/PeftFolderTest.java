package gradus.train.pretrained.peft;

import static gradus.train.pretrained.peft.PeftSamples.adapter;
import static gradus.train.pretrained.peft.PeftSamples.base;
import static gradus.train.pretrained.peft.PeftSamples.baseOf;
import static gradus.train.pretrained.peft.PeftSamples.ids;
import static gradus.train.pretrained.peft.PeftSamples.near;
import static gradus.train.pretrained.peft.PeftSamples.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.GradusException;
import gradus.layers.Layer;
import gradus.layers.adapter.AdapterConfig;
import gradus.layers.adapter.Adapters;
import gradus.layers.adapter.Combination;
import gradus.layers.adapter.Ia3Config;
import gradus.layers.adapter.Lora;
import gradus.layers.adapter.LoraConfig;
import gradus.layers.adapter.LoraStart;
import gradus.layers.adapter.Part;
import gradus.layers.adapter.Targets;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import gradus.tensor.type.Indices;
import gradus.train.checkpoint.Safetensors;
import gradus.train.checkpoint.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Adapters that peft 0.21 wrote, with what it made of some ids; peft_golden.py made them.
class PeftFolderTest {
    @TempDir
    private Path folder;

    private static Adapters open(String name, Layer base) {
        Adapters adapters = PeftFolder.prepare(base);
        PeftFolder.load(adapter(name), adapters, "theirs");
        return adapters;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "llama_lora",
                "llama_rslora",
                "llama_layers",
                "llama_embedding",
                "llama_pissa",
                "llama_pissa_converted",
                "llama_ia3",
                "qwen2_olora_converted",
                "qwen2_dora",
                "qwen2_tokens",
                "gpt2_lora",
                "gpt2_dora",
                "gpt2_tokens",
                "gpt2_ia3",
                "bert_lora"
            })
    void whatPeftWroteSaysTheSameHere(String name) {
        Layer model = base(name);
        Safetensors expected = Safetensors.open(adapter(name).resolve("expected.safetensors"));
        Indices ids = expected.readIndices("ids");
        Tensor plain = run(model, ids);
        double[][] before = state(model);
        Adapters adapters = open(name, model);
        near(run(model, ids), expected.read("out"));
        adapters.merge();
        near(run(model, ids), expected.read("out"));
        adapters.unmerge();

        // and once more through a folder of ours
        PeftFolder.save(folder, adapters, "theirs", baseOf(name));
        Adapters again = PeftFolder.prepare(base(name));
        PeftFolder.load(folder, again, "ours");
        near(run(again.model(), ids), expected.read("out"));

        adapters.remove("theirs");
        assertThat(state(model)).isDeepEqualTo(before);
        assertThat(run(model, ids).toArray()).isEqualTo(plain.toArray());
    }

    private static double[][] state(Layer model) {
        return model.namedParameters().values().stream().map(Tensor::toArray).toArray(double[][]::new);
    }

    /// Adapters of every kind, made here, by the names of their folders.
    private static SequencedMap<String, AdapterConfig> kinds() {
        LoraConfig lora = LoraConfig.of(Targets.allLinear()).withR(3).withAlpha(7);
        SequencedMap<String, Integer> ranks = new LinkedHashMap<>(Map.of("q_proj", 2));
        SequencedMap<String, Double> alphas = new LinkedHashMap<>(Map.of("mlp.up_proj", 2.5));
        SequencedMap<String, AdapterConfig> kinds = new LinkedHashMap<>();
        kinds.put("llama_lora", lora);
        kinds.put("llama_gaussian", lora.withStart(LoraStart.GAUSSIAN).withRslora(true));
        kinds.put(
                "llama_patterns",
                lora.withRankPattern(ranks).withAlphaPattern(alphas).withRslora(true));
        kinds.put("llama_pissa", lora.withStart(LoraStart.PISSA).withTargets(Targets.named("q_proj", "down_proj")));
        kinds.put("llama_wide", lora.withStart(LoraStart.PISSA).withR(7).withTargets(Targets.named("k_proj")));
        kinds.put("llama_rspissa", lora.withStart(LoraStart.PISSA).withRslora(true));
        kinds.put("qwen2_olora", lora.withStart(LoraStart.OLORA).withRslora(true));
        kinds.put("qwen2_dora", lora.withDora(true));
        kinds.put("qwen2_tokens", lora.withTrainableTokens(Map.of("embed_tokens", List.of(3, 10))));
        kinds.put("llama_whole", lora.withModulesToSave("lm_head", "post_attention_layernorm"));
        kinds.put("llama_embedding", lora.withTargets(Targets.named("embed_tokens", "v_proj")));
        kinds.put("llama_where", lora.withTargets(Targets.where((name, layer) -> name.contains("layers.1.mlp"))));
        kinds.put("gpt2_lora", lora);
        kinds.put("gpt2_whole", lora.withTargets(Targets.named("attn.c_attn")).withModulesToSave("h.1.mlp"));
        kinds.put("gpt2_dora", lora.withDora(true).withTargets(Targets.named("attn.c_proj")));
        kinds.put("gpt2_tokens", lora.withTrainableTokens(Map.of("wte", List.of(24, 3))));
        kinds.put("bert_lora", lora.withModulesToSave("attention.output.LayerNorm"));
        kinds.put("llama_ia3", Ia3Config.of(Targets.named("k_proj", "v_proj", "down_proj"), "down_proj"));
        kinds.put("gpt2_ia3", Ia3Config.of(Targets.named("c_attn", "mlp.c_proj"), "mlp.c_proj"));
        return kinds;
    }

    /// As training would. Ten times as much would make of PiSSA's and OLoRA's changes differences of large
    /// numbers, of which float32 on either side keeps no five digits.
    private static Adapters trained(String name, AdapterConfig config) {
        return trained(name, config, 0.05);
    }

    private static Adapters trained(String name, AdapterConfig config, double size) {
        Adapters adapters = PeftFolder.prepare(base(name));
        adapters.add("mine", config, Rng.of(3));
        List<Tensor> all = new ArrayList<>(adapters.modules("mine").values());
        for (Part part : adapters.parts("mine").values()) {
            all.addAll(part.parameters());
        }
        for (int i = 0; i < all.size(); i++) {
            Tensor noise = Tensor.randn(Rng.of(5).at(i), all.get(i).shape().dims());
            all.get(i).copyFrom(all.get(i).detach().add(noise.mul(size)));
        }
        return adapters;
    }

    private Tensor write(String name, AdapterConfig config, Path to) {
        Adapters adapters = trained(name, config);
        Tensor out = run(adapters.model(), ids());
        PeftFolder.save(to, adapters, "mine", baseOf(name));
        return out;
    }

    @Test
    void whatWeWriteIsReadAsItWas() {
        kinds().forEach((name, config) -> {
            Path to = folder.resolve(name);
            Tensor out = write(name, config, to);
            Adapters again = PeftFolder.prepare(base(name));
            PeftFolder.load(to, again, "again");
            near(run(again.model(), ids()), out);
        });
        String matrix = "transformer.h.1.mlp.c_fc.weight"; // as Conv1D has it, (in, out)
        Safetensors theirs = Safetensors.open(PeftSamples.bases().resolve("gpt2/model.safetensors"));
        assertThat(Safetensors.open(folder.resolve("gpt2_whole/adapter_model.safetensors"))
                        .shape("base_model.model." + matrix))
                .isEqualTo(theirs.shape(matrix));
    }

    @Test
    void peftReadsWhatWeWrite() throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of(PeftSamples.bases().toString(), folder.toString()));
        kinds().forEach((name, config) -> {
            Path to = folder.resolve(name);
            Tensor out = write(name, config, to);
            SequencedMap<String, Tensor> expected = new LinkedHashMap<>();
            expected.put(
                    "ids",
                    Tensor.of(Arrays.stream(ids().values()).asDoubleStream().toArray(), 2, 11));
            expected.put("out", out);
            SafetensorsWriter.write(to.resolve("expected.safetensors"), expected, SafetensorsWriter.METADATA);
            arguments.add(name);
        });
        PeftSamples.python("peft_check.py", arguments.toArray(String[]::new));
    }

    /// Where a start has taken a part of the base, the file's change is that of the live model up to
    /// float32's rounding of what stayed behind, `W - s·B₀·A₀`: with u = 2⁻²⁴, at most `u·(r +
    /// 2)·s·|B₀|·|A₀|` of the product and `u·|W - s·B₀·A₀|` of the difference. OLoRA takes s times a part of
    /// W (here s = 4), so both are a few times as large as W, and the model's results carry their rounding:
    /// with changes ten times those of the other tests, 1.4e-5 of the largest result, on each side.
    @Test
    void whatAStartTookIsGivenBackUpToRounding() {
        for (LoraStart start : List.of(LoraStart.OLORA, LoraStart.PISSA)) {
            LoraConfig config = LoraConfig.of(Targets.allLinear())
                    .withR(3)
                    .withAlpha(7)
                    .withRslora(true)
                    .withStart(start);
            Adapters first = PeftFolder.prepare(base("qwen2_olora"));
            first.add("mine", config, Rng.of(3));
            Adapters live = trained("qwen2_olora", config, 0.5);
            Map<String, Tensor> original = base("qwen2_olora").namedParameters();
            PeftFolder.save(folder.resolve(start.name()), live, "mine", "qwen2");
            Adapters read = PeftFolder.prepare(base("qwen2_olora"));
            PeftFolder.load(folder.resolve(start.name()), read, "mine");
            live.parts("mine").forEach((layer, part) -> {
                Tensor behind =
                        live.model().namedParameters().get(layer + ".weight").to(DType.FLOAT64);
                Tensor own = product((Lora) part, false).add(behind);
                Tensor delta = own.sub(original.get(layer + ".weight").to(DType.FLOAT64));
                Tensor told = product((Lora) read.parts("mine").get(layer), false);
                Tensor taken = product((Lora) first.parts("mine").get(layer), true);
                Tensor bound = taken.mul(5).add(behind.abs()).mul(0x1p-24).add(1e-15);
                double[] error = told.sub(delta).abs().div(bound).toArray();
                assertThat(Arrays.stream(error).max().orElseThrow()).as(layer).isLessThanOrEqualTo(1);
            });
        }
    }

    /// `s·B·A` in float64, or `s·|B|·|A|`.
    private static Tensor product(Lora part, boolean absolute) {
        Tensor a = part.a().detach().to(DType.FLOAT64);
        Tensor b = part.b().detach().to(DType.FLOAT64);
        return (absolute ? b.abs().matmul(a.abs()) : b.matmul(a)).mul(part.scale());
    }

    @Test
    void everyFlippedBitIsRefused() throws IOException {
        write("llama_ia3", kinds().get("llama_ia3"), folder);
        for (Path file : List.of(
                folder.resolve("adapter_config.json"),
                folder.resolve("adapter_model.safetensors"),
                folder.resolve("manifest.json"))) {
            byte[] whole = Files.readAllBytes(file);
            Layer model = base("llama_ia3");
            double[][] before = state(model);
            for (int bit = 0; bit < 8 * whole.length; bit++) {
                byte[] flipped = whole.clone();
                flipped[bit / 8] ^= (byte) (1 << bit % 8);
                Files.write(file, flipped);
                Adapters adapters = PeftFolder.prepare(model);
                assertThatThrownBy(() -> PeftFolder.load(folder, adapters, "flipped"))
                        .as("bit %d of %s", bit, file)
                        .isInstanceOf(GradusException.class);
                assertThat(adapters.names()).isEmpty();
            }
            assertThat(state(model)).isDeepEqualTo(before);
            Files.write(file, whole);
        }
        PeftFolder.load(folder, PeftFolder.prepare(base("llama_ia3")), "sound");
    }

    @Test
    void aCombinedOneCanBeWrittenToo() {
        Adapters adapters = PeftFolder.prepare(base("gpt2_lora"));
        PeftFolder.load(adapter("gpt2_lora"), adapters, "a");
        LoraConfig other = LoraConfig.of(Targets.named("mlp.c_fc")).withR(2);
        adapters.add("b", other, Rng.of(1));
        SequencedMap<String, Double> weights = new LinkedHashMap<>();
        weights.put("a", 0.5);
        weights.put("b", 2.0);
        adapters.combine("both", weights, new Combination.Cat());
        Tensor out = run(adapters.model(), ids());
        PeftFolder.save(folder, adapters, "both", "gpt2");
        Adapters again = PeftFolder.prepare(base("gpt2_lora"));
        PeftFolder.load(folder, again, "again");
        near(run(again.model(), ids()), out);
    }
}
