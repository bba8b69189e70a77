package gradus.train.finetune;

import static gradus.train.pretrained.peft.PeftSamples.near;
import static gradus.train.pretrained.peft.PeftSamples.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.contentOf;

import gradus.error.CheckpointMismatchException;
import gradus.layers.Layer;
import gradus.layers.adapter.Adapters;
import gradus.layers.adapter.LoraConfig;
import gradus.layers.adapter.Targets;
import gradus.layers.model.Gpt;
import gradus.layers.model.LanguageModel;
import gradus.layers.model.config.GptConfig;
import gradus.layers.model.config.Head;
import gradus.tensor.Autograd;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.train.checkpoint.Safetensors;
import gradus.train.checkpoint.SafetensorsWriter;
import gradus.train.pretrained.HuggingFaceFolder;
import gradus.train.pretrained.peft.PeftFolder;
import gradus.train.pretrained.peft.PeftSamples;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// LongLoRA's folders and those of peft 0.21, on bases with positions twice as close: each opens the other's.
/// longlora_golden.py made them. `tied` is a Llama whose table of tokens is its head.
class LongLoraPeftTest {
    private static final List<String> BASES = List.of("llama", "qwen2", "tied");
    private static final LoraConfig LORA = LoraConfig.of(Targets.named(List.of("q_proj", "k_proj", "v_proj", "o_proj")))
            .withR(2)
            .withAlpha(3);

    @TempDir
    private Path folder;

    private static Path resource(String name) {
        try {
            return Path.of(LongLoraPeftTest.class
                            .getResource("/gradus/train/longlora/" + name + "/adapter_config.json")
                            .toURI())
                    .getParent();
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private static Path path(String base) {
        return base.equals("tied")
                ? resource("tied_peft").resolveSibling("tied")
                : PeftSamples.bases().resolve(base);
    }

    private static LanguageModel base(String name) {
        return (LanguageModel) HuggingFaceFolder.load(path(name));
    }

    /// As `gradus merge` and `sample --adapter` open it.
    private static Layer open(String base, Path adapter) {
        Layer longer = LongContext.read(adapter).of(base(base), adapter);
        Adapters adapters = PeftFolder.prepare(longer);
        PeftFolder.load(adapter, adapters, "any");
        return longer.eval();
    }

    /// Twice the context, trained by chance.
    static Tuned tuned(String base) {
        Tuned tuned = LongLoraTuning.of(LORA, 64).on(base(base), Rng.of(3));
        try (var pause = Autograd.noGrad()) {
            tuned.trained()
                    .forEach((name, parameter) -> parameter.copyFrom(
                            Tensor.randn(Rng.of(4).at(name), parameter.shape().dims())
                                    .mul(0.2)
                                    .add(parameter)));
        }
        tuned.model().eval();
        return tuned;
    }

    static void save(Tuned tuned, String base, Path to) {
        tuned.save(to, new OpenBase(Path.of(base), null, null));
    }

    private Path theirs(String base) throws IOException {
        Path copy = Files.createDirectories(folder.resolve(base));
        for (String file : List.of("adapter_config.json", "adapter_model.safetensors")) {
            Files.copy(resource(base + "_peft").resolve(file), copy.resolve(file));
        }
        new LongContext(64, 2).write(copy); // which peft's file does not say
        return copy;
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama", "qwen2", "tied"})
    void whatPeftWroteSaysTheSameHere(String base) throws IOException {
        Safetensors expected = Safetensors.open(resource(base + "_peft").resolve("expected.safetensors"));
        Layer model = open(base, theirs(base));
        near(run(model, expected.readIndices("ids")), expected.read("out"));
    }

    /// The folder beside this test is what is written today, and peft's logits of it are ours.
    @ParameterizedTest
    @ValueSource(strings = {"llama", "qwen2", "tied"})
    void peftSaysTheSameOfWhatWeWrote(String base) throws IOException {
        Path kept = resource(base + "_gradus");
        Tuned tuned = tuned(base);
        save(tuned, base, folder);
        for (String file : List.of("adapter_config.json", LongContext.FILE)) {
            assertThat(folder.resolve(file)).hasSameTextualContentAs(kept.resolve(file));
        }
        Safetensors ours = Safetensors.open(folder.resolve("adapter_model.safetensors"));
        Safetensors before = Safetensors.open(kept.resolve("adapter_model.safetensors"));
        assertThat(ours.names()).isEqualTo(before.names());
        before.names()
                .forEach(name -> assertThat(ours.read(name).toArray())
                        .as(name)
                        .isEqualTo(before.read(name).toArray()));
        Safetensors expected = Safetensors.open(kept.resolve("expected.safetensors"));
        near(run(tuned.model(), expected.readIndices("ids")), expected.read("out"));
        near(run(open(base, folder), expected.readIndices("ids")), expected.read("out"));
    }

    /// The same live, where there is a Python with peft.
    @Test
    void peftOpensIt() throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(
                List.of(PeftSamples.bases().toString(), path("tied").getParent().toString(), folder.toString()));
        for (String base : BASES) {
            Tuned tuned = tuned(base);
            save(tuned, base, folder.resolve(base));
            SequencedMap<String, Tensor> expected = new LinkedHashMap<>();
            var ids = Safetensors.open(resource(base + "_peft").resolve("expected.safetensors"))
                    .readIndices("ids");
            double[] given = Arrays.stream(ids.values()).asDoubleStream().toArray();
            expected.put("ids", Tensor.of(given, ids.shape().dims()));
            expected.put("out", run(tuned.model(), ids));
            SafetensorsWriter.write(
                    folder.resolve(base).resolve("expected.safetensors"), expected, SafetensorsWriter.METADATA);
            arguments.add(base);
        }
        PeftSamples.python("longlora_check.py", arguments.toArray(String[]::new));
    }

    // --- a table that is the head too

    private static void replace(Path file, String what, String by) throws IOException {
        String text = Files.readString(file);
        assertThat(text).contains(what);
        Files.writeString(file, text.replace(what, by));
    }

    /// With its head as it was, peft's file is another model, which is not taken for this one.
    @Test
    void aHeadThatDoesNotFollowIsRefused() throws IOException {
        Path adapter = theirs("tied");
        Path config = adapter.resolve("adapter_config.json");
        replace(config, "\"ensure_weight_tying\": true", "\"ensure_weight_tying\": false");
        assertThatThrownBy(() -> open("tied", adapter))
                .isInstanceOf(CheckpointMismatchException.class)
                .hasMessageContaining("lm_head.weight, which has no place here");
        SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
        Safetensors whole = Safetensors.open(adapter.resolve("adapter_model.safetensors"));
        whole.names().forEach(name -> tensors.put(name, whole.read(name)));
        tensors.remove("base_model.model.lm_head.weight");
        SafetensorsWriter.write(adapter.resolve("adapter_model.safetensors"), tensors, SafetensorsWriter.METADATA);
        assertThatThrownBy(() -> open("tied", adapter))
                .isInstanceOf(CheckpointMismatchException.class)
                .hasMessageContaining("leaves the head as it was");
        replace(config, "\"ensure_weight_tying\": false", "\"ensure_weight_tying\": true");
        assertThatThrownBy(() -> open("tied", adapter))
                .isInstanceOf(CheckpointMismatchException.class)
                .hasMessageContaining("lacks base_model.model.lm_head.weight");
        tensors.put("base_model.model.lm_head.weight", Tensor.zeros(61, 16));
        SafetensorsWriter.write(adapter.resolve("adapter_model.safetensors"), tensors, SafetensorsWriter.METADATA);
        assertThatThrownBy(() -> open("tied", adapter))
                .isInstanceOf(CheckpointMismatchException.class)
                .hasMessageContaining("is not the token table");
    }

    /// Folders of ours that say nothing of the head are opened as they were.
    @Test
    void formerFoldersAreOpened() throws IOException {
        Tuned tuned = tuned("tied");
        save(tuned, "tied", folder);
        SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
        Safetensors whole = Safetensors.open(folder.resolve("adapter_model.safetensors"));
        whole.names().forEach(name -> tensors.put(name, whole.read(name)));
        tensors.remove("base_model.model.lm_head.weight");
        SafetensorsWriter.write(folder.resolve("adapter_model.safetensors"), tensors, SafetensorsWriter.METADATA);
        String config = Files.readString(folder.resolve("adapter_config.json"));
        Files.writeString(
                folder.resolve("adapter_config.json"),
                config.replaceFirst(",\\s*\"ensure_weight_tying\"\\s*:\\s*true", ""));
        PeftFolder.seal(folder, LongContext.FILE);
        var ids = PeftSamples.ids();
        assertThat(run(open("tied", folder), ids).toArray())
                .isEqualTo(run(tuned.model(), ids).toArray());
        Files.delete(folder.resolve("manifest.json")); // then it may be an old one of peft's
        assertThatThrownBy(() -> open("tied", folder)).hasMessageContaining("leaves the head as it was");
    }

    /// A GPT's head is its table unless the configuration says otherwise; only then does a file hold the table twice.
    @ParameterizedTest
    @EnumSource(Head.class)
    void aGptsHeadFollowsItsTableWhereItIsIt(Head head) {
        GptConfig config = new GptConfig(11, 8, 1, 2, 8, 0).withHead(head);
        Adapters adapters = PeftFolder.prepare(new Gpt(config, Rng.of(1)));
        adapters.add("a", LoraConfig.of(Targets.named(List.of("attn.c_attn"))).withModulesToSave("wte"), Rng.of(2));
        PeftFolder.save(folder, adapters, "a", "base");
        boolean tied = head == Head.TIED;
        assertThat(Safetensors.open(folder.resolve("adapter_model.safetensors")).names().stream()
                        .anyMatch(name -> name.endsWith("lm_head.weight")))
                .isEqualTo(tied);
        String written = contentOf(folder.resolve("adapter_config.json").toFile());
        assertThat(written.contains("\"ensure_weight_tying\" : true"))
                .as(written)
                .isEqualTo(tied);
        Adapters again = PeftFolder.prepare(new Gpt(config, Rng.of(1)));
        PeftFolder.load(folder, again, "a");
        assertThat(again.modules("a").keySet()).isEqualTo(adapters.modules("a").keySet());
    }

    /// A file that says that the head follows, where no table is trained that is the head too.
    @Test
    void aHeadThatFollowsNothingIsRefused() throws IOException {
        GptConfig config = new GptConfig(11, 8, 1, 2, 8, 0).withHead(Head.OWN);
        Adapters adapters = PeftFolder.prepare(new Gpt(config, Rng.of(1)));
        adapters.add("a", LoraConfig.of(Targets.named(List.of("attn.c_attn"))), Rng.of(2));
        PeftFolder.save(folder, adapters, "a", "base");
        Path file = folder.resolve("adapter_config.json");
        replace(file, "\"ensure_weight_tying\" : false", "\"ensure_weight_tying\" : true");
        Files.delete(folder.resolve("manifest.json")); // which would tell that the file was changed
        assertThatThrownBy(() -> PeftFolder.load(folder, PeftFolder.prepare(new Gpt(config, Rng.of(1))), "a"))
                .isInstanceOf(CheckpointMismatchException.class)
                .hasMessageContaining("no table that is the head too is trained as a whole");
    }
}
