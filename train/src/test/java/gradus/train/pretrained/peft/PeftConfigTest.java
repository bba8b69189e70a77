package gradus.train.pretrained.peft;

import static gradus.train.pretrained.peft.PeftSamples.adapter;
import static gradus.train.pretrained.peft.PeftSamples.base;
import static gradus.train.pretrained.peft.PeftSamples.ids;
import static gradus.train.pretrained.peft.PeftSamples.near;
import static gradus.train.pretrained.peft.PeftSamples.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.CheckpointMismatchException;
import gradus.error.CorruptCheckpointException;
import gradus.error.GradusException;
import gradus.layers.Layer;
import gradus.layers.adapter.Adapters;
import gradus.tensor.Tensor;
import gradus.tokenizer.json.KnownKeys;
import gradus.train.checkpoint.CheckpointJson;
import gradus.train.pretrained.HuggingFaceFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Every key of adapter_config.json is obeyed, harmless or refused by name.
class PeftConfigTest {
    @TempDir
    private Path folder;

    @BeforeEach
    void copy() throws IOException {
        for (String file : new String[] {"adapter_config.json", "adapter_model.safetensors"}) {
            Files.copy(adapter("llama_lora").resolve(file), folder.resolve(file));
        }
    }

    private void set(String key, String json) {
        ObjectNode config = CheckpointJson.read(folder.resolve("adapter_config.json"));
        config.set(key, JsonMapper.shared().readTree(json));
        CheckpointJson.write(folder.resolve("adapter_config.json"), config);
    }

    private Tensor load() {
        Adapters adapters = PeftFolder.prepare(base("llama_lora"));
        PeftFolder.load(folder, adapters, "a");
        return run(adapters.model(), ids());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "peft_type | \"LOHA\"",
                "bias | \"all\"",
                "lora_bias | true",
                "use_qalora | true",
                "ensure_weight_tying | true",
                "alora_invocation_tokens | [1]",
                "arrow_config | {\"top_k\": 3}",
                "kasa_config | {\"beta\": 1}",
                "monteclora_config | {\"num_samples\": 1}",
                "use_bdlora | {\"nblocks\": 2}",
                "velora_config | {\"scale\": 2}",
                "layer_replication | [[0, 1]]",
                "megatron_config | {\"a\": 1}",
                "corda_config | {\"corda_method\": \"kpm\"}",
                "lora_ga_config | {\"scale\": \"unit\"}",
                "target_parameters | [\"x\"]",
                "init_lora_weights | \"pissa_niter_4\"",
                "init_lora_weights | \"corda\"",
                "target_modules | null",
                "something_new | 1"
            })
    void whatIsNotBuiltIsRefusedByName(String key, String json) {
        set(key, json);
        assertThatThrownBy(this::load)
                .isInstanceOf(CheckpointMismatchException.class)
                .hasMessageContaining(key);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "r | 3",
                "r | 0",
                "r | 1.5",
                "r | 40",
                "lora_alpha | \"x\"",
                "lora_alpha | 0",
                "lora_dropout | 1",
                "use_dora | true",
                "use_dora | 1",
                "target_modules | [\"q_proj\"]",
                "target_modules | \"(\"",
                "target_modules | [\"mlp\"]",
                "target_modules | [\"q_proj\", \"k_proj\"]",
                "rank_pattern | {\"q_proj\": 2}",
                "rank_pattern | {\"(\": 2}",
                "rank_pattern | [1]",
                "layers_to_transform | [1]",
                "modules_to_save | [\"lm_head\"]",
                "modules_to_save | [\"no\"]",
                "trainable_token_indices | {\"embed_tokens\": [1]}",
                "trainable_token_indices | [1, 1]",
                "exclude_modules | [\"q_proj\"]",
                "exclude_modules | \".*q_proj\""
            })
    void whatDoesNotFitTheTensorsIsRefused(String key, String json) {
        set(key, json);
        assertThatThrownBy(this::load).isInstanceOf(GradusException.class);
    }

    @Test
    void otherValuesAreObeyed() {
        Tensor plain = load();
        for (Map.Entry<String, String> each : Map.of(
                        "lora_alpha",
                        "12",
                        "use_rslora",
                        "true",
                        "alpha_pattern",
                        "{\"q_proj\": 1}",
                        "init_lora_weights",
                        "\"pissa\"")
                .entrySet()) {
            String before = CheckpointJson.read(folder.resolve("adapter_config.json"))
                    .path(each.getKey())
                    .toString();
            set(each.getKey(), each.getValue());
            assertThat(load().toArray()).as(each.getKey()).isNotEqualTo(plain.toArray());
            set(each.getKey(), before);
        }
        set("target_modules", "\".*self_attn.[qv]_proj\"");
        near(load(), plain);
    }

    @Test
    void harmlessKeysChangeNothing() {
        Tensor plain = load();
        PeftKeys.LORA.rules().forEach((key, rule) -> {
            if (rule instanceof KnownKeys.Harmless) {
                set(key, "\"anything\"");
            }
        });
        assertThat(load().toArray()).isEqualTo(plain.toArray());
    }

    @Test
    void everyKeyThatPeftWritesIsKnown() {
        Set<String> lora = PeftKeys.LORA.rules().keySet();
        assertThat(lora)
                .containsAll(CheckpointJson.read(adapter("llama_lora").resolve("adapter_config.json"))
                        .propertyNames());
        assertThat(PeftKeys.IA3.rules().keySet())
                .containsAll(CheckpointJson.read(adapter("llama_ia3").resolve("adapter_config.json"))
                        .propertyNames());
    }

    @Test
    void anAdapterForAnotherBaseNamesTheFirstMismatch() {
        Layer gpt = base("gpt2_lora");
        assertThatThrownBy(() -> PeftFolder.load(folder, PeftFolder.prepare(gpt), "a"))
                .isInstanceOf(CheckpointMismatchException.class)
                .hasMessageContaining("no layer of the model is chosen");
        Layer other = HuggingFaceFolder.load(PeftSamples.bases().resolve("mixtral"));
        assertThatThrownBy(() -> PeftFolder.load(adapter("llama_rslora"), PeftFolder.prepare(other), "a"))
                .isInstanceOf(CheckpointMismatchException.class);
        set("r", "5");
        assertThatThrownBy(this::load)
                .isInstanceOf(CheckpointMismatchException.class)
                .hasMessageContaining(
                        "base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight has shape [4, 16];"
                                + " here it is [5, 16]");
    }

    @Test
    void aPickleAndNumbersThatAreNoneAreRefused() throws IOException {
        byte[] bytes = Files.readAllBytes(folder.resolve("adapter_model.safetensors"));
        bytes[bytes.length - 1] = 0x7F;
        bytes[bytes.length - 2] = (byte) 0xC0;
        Files.write(folder.resolve("adapter_model.safetensors"), bytes);
        assertThatThrownBy(this::load)
                .isInstanceOf(CorruptCheckpointException.class)
                .hasMessageContaining("not finite");
        Files.move(folder.resolve("adapter_model.safetensors"), folder.resolve("adapter_model.bin"));
        assertThatThrownBy(this::load)
                .isInstanceOf(CorruptCheckpointException.class)
                .hasMessageContaining("is a Python pickle");
    }
}
