package gradus.train.pretrained.peft;

import static gradus.train.pretrained.peft.PeftSamples.base;
import static gradus.train.pretrained.peft.PeftSamples.near;
import static gradus.train.pretrained.peft.PeftSamples.run;
import static org.assertj.core.api.Assertions.assertThat;

import gradus.layers.model.Gpt;
import gradus.layers.model.LanguageModel;
import gradus.layers.model.RmsDecoder;
import gradus.layers.model.config.Attentions;
import gradus.layers.model.config.FeedForwards;
import gradus.layers.model.config.GptConfig;
import gradus.layers.model.config.Head;
import gradus.layers.model.config.LlamaConfig;
import gradus.layers.model.config.Norms;
import gradus.layers.model.config.Positions;
import gradus.layers.model.prompt.PrefixTuned;
import gradus.layers.model.prompt.PromptTuned;
import gradus.layers.model.prompt.SoftPrompted;
import gradus.layers.position.PlainFrequencies;
import gradus.layers.prompt.PromptTable;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import gradus.train.checkpoint.Safetensors;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Soft prompts before a [Gpt] that is composed. Of Llama's and Qwen2's parts it is a Llama or a Qwen2, and
/// with GPT-2's blocks, rotary positions and a head of its own a GPT-NeoX: there peft 0.21 says what a prompt
/// does. Other compositions have no equal in transformers; what holds for them are laws, here and in the tests
/// of [PromptTuned] and [PrefixTuned].
class SoftPromptComposedTest {
    @TempDir
    private Path folder;

    private static Path prompt(String name, String file) {
        try {
            return Path.of(SoftPromptComposedTest.class
                    .getResource("/gradus/train/prompt/" + name + "/" + file)
                    .toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private void same(String name, LanguageModel model, LanguageModel again) {
        Safetensors expected = Safetensors.open(prompt(name, "expected.safetensors"));
        Indices ids = expected.readIndices("ids");
        SoftPrompted tuned =
                SoftPromptFolder.load(prompt(name, "adapter_config.json").getParent(), model);
        near(run(tuned, ids), expected.read("out"));
        SoftPromptFolder.save(folder, tuned, name);
        near(run(SoftPromptFolder.load(folder, again), ids), expected.read("out"));
    }

    // --- Llama and Qwen2

    private static Gpt ofLlamasParts(RmsDecoder decoder, boolean bias) {
        LlamaConfig size = decoder.config();
        GptConfig config = new GptConfig(size.vocabSize(), size.context(), size.layers(), size.heads(), size.dim(), 0)
                .withAttention(new Attentions.GroupedQuery(size.kvHeads(), false, bias))
                .withNorm(new Norms.Rms(size.eps()))
                .withPosition(new Positions.Rope(((PlainFrequencies) size.frequencies()).base()))
                .withFeedForward(new FeedForwards.SwiGluUnits(size.hidden()))
                .withHead(Head.OWN);
        Gpt gpt = new Gpt(config, Rng.of(1));
        Map<String, Tensor> weights = decoder.namedParameters();
        gpt.namedParameters().forEach((name, each) -> each.copyFrom(weights.get(published(name))));
        return gpt.eval();
    }

    private static String published(String name) {
        return name.replace("wte", "model.embed_tokens")
                .replace("ln_f", "model.norm")
                .replaceFirst("^h\\.", "model.layers.")
                .replace("ln_1", "input_layernorm")
                .replace("ln_2", "post_attention_layernorm")
                .replace(".attn.", ".self_attn.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"llama_prompt", "llama_prefix", "llama_lstm", "qwen2_prompt", "qwen2_prefix", "qwen2_projection"
            })
    void ofLlamasPartsItIsALlama(String name) {
        boolean bias = name.startsWith("qwen2");
        same(name, ofLlamasParts((RmsDecoder) base(name), bias), ofLlamasParts((RmsDecoder) base(name), bias));
    }

    // --- GPT-NeoX

    private static Gpt neox() {
        GptConfig config = new GptConfig(61, 32, 2, 4, 16, 0)
                .withPosition(new Positions.Rope(10_000))
                .withHead(Head.OWN);
        Gpt gpt = new Gpt(config, Rng.of(1));
        Safetensors weights = Safetensors.open(prompt("neox", "gradus.safetensors"));
        assertThat(gpt.namedParameters().keySet()).containsExactlyInAnyOrderElementsOf(weights.names());
        gpt.namedParameters().forEach((name, each) -> each.copyFrom(weights.read(name)));
        return gpt.eval();
    }

    @ParameterizedTest
    @ValueSource(strings = {"neox_prompt", "neox_prefix", "neox_ptuning"})
    void withRotaryPositionsItIsAGptNeoX(String name) {
        same(name, neox(), neox());
    }

    // --- compositions without an equal

    private static SequencedMap<String, GptConfig> others() {
        GptConfig gpt = new GptConfig(61, 32, 2, 4, 16, 0);
        SequencedMap<String, GptConfig> others = new LinkedHashMap<>();
        others.put(
                "alibi and RMS norms", gpt.withPosition(new Positions.Alibi()).withNorm(new Norms.Rms(1e-6)));
        others.put("Shaw", gpt.withPosition(new Positions.Shaw(3)));
        others.put("neighbours rotate", gpt.withPosition(new Positions.InterleavedRope(100)));
        others.put(
                "one key head, no positions",
                gpt.withAttention(new Attentions.MultiQuery()).withPosition(new Positions.None()));
        others.put("two key heads of four", gpt.withAttention(new Attentions.GroupedQuery(2, false, false)));
        others.put("a window", gpt.withAttention(new Attentions.SlidingWindow(9, 2)));
        return others;
    }

    private static Gpt other(GptConfig config) {
        Gpt gpt = new Gpt(config, Rng.of(5));
        gpt.namedParameters() // so large that a prompt matters
                .forEach((name, each) -> each.copyFrom(each.detach()
                        .add(Tensor.randn(Rng.of(6).at(name), each.shape().dims())
                                .mul(0.3))));
        return gpt.eval();
    }

    /// An exported prompt that is a text says what the model says behind the text, and the same bit for bit
    /// when it is opened again. (A prompt has at least one slot; that a model without one is the base is a law
    /// of `detach`.)
    @Test
    void othersSayWhatTheySayBehindTheText() {
        Indices ids = PeftSamples.ids(); // (2, 11)
        int[] text = {5, 17, 40};
        others().forEach((kind, config) -> {
            Tensor whole = run(other(config), behind(text, ids));
            Tensor expected =
                    whole.slice(1, text.length, text.length + ids.shape().dim(1));
            Tensor plain = run(other(config), ids);
            for (boolean prefix : new boolean[] {true, false}) {
                Gpt gpt = other(config);
                Tensor rows = prefix
                        ? PrefixTuned.ofTokens(gpt, text)
                        : PromptTuned.tokens(gpt).weight().detach().indexSelect(0, Indices.of(text));
                PromptTable table = new PromptTable(rows);
                SoftPrompted tuned = prefix ? new PrefixTuned(gpt, table) : new PromptTuned(gpt, table);
                Tensor said = run(tuned.eval(), ids);
                near(said, expected);
                Path to = folder.resolve(kind + prefix);
                SoftPromptFolder.save(to, tuned, null);
                SoftPrompted again = SoftPromptFolder.load(to, other(config));
                assertThat(run(again, ids).toArray())
                        .as(kind)
                        .isEqualTo(said.toArray())
                        .isNotEqualTo(plain.toArray());
                if (again instanceof PromptTuned before) {
                    before.detach();
                }
                assertThat(run(again.base(), ids).toArray()).as(kind).isEqualTo(plain.toArray());
            }
        });
    }

    private static Indices behind(int[] text, Indices ids) {
        int batch = ids.shape().dim(0);
        int time = ids.shape().dim(1);
        int[] all = new int[batch * (text.length + time)];
        for (int b = 0; b < batch; b++) {
            System.arraycopy(text, 0, all, b * (text.length + time), text.length);
            System.arraycopy(ids.values(), b * time, all, b * (text.length + time) + text.length, time);
        }
        return Indices.of(Shape.of(batch, text.length + time), all);
    }
}
