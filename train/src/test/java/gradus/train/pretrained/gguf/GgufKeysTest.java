package gradus.train.pretrained.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.CheckpointMismatchException;
import gradus.error.CorruptCheckpointException;
import gradus.error.GradusException;
import gradus.layers.Layer;
import gradus.layers.model.BertEncoder;
import gradus.layers.model.Gpt;
import gradus.layers.model.LanguageModel;
import gradus.layers.model.RmsDecoder;
import gradus.tensor.mask.KeyMask;
import gradus.tensor.type.Indices;
import gradus.tokenizer.json.KnownKeys;
import gradus.tokenizer.json.KnownKeys.Harmless;
import gradus.tokenizer.json.KnownKeys.Obeyed;
import gradus.tokenizer.json.KnownKeys.Only;
import gradus.tokenizer.json.KnownKeys.Refused;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Walks the lists of keys: each obeyed one changes what is read or is held against the rest of the file, each harmless
/// one changes nothing, each refused one is refused by name, and so is one in no list.
class GgufKeysTest {
    @TempDir
    private Path folder;

    /// A file of each architecture, and the lists that hold for it.
    enum Kind {
        LLAMA(GgufKeys.LLAMA, GgufBytes.KEYS),
        MIXTRAL(GgufKeys.LLAMA, GgufBytes.KEYS),
        QWEN2(GgufKeys.QWEN2, GgufBytes.KEYS),
        GPT2(GgufKeys.GPT2, GgufBytes.KEYS),
        BERT(GgufKeys.BERT, GgufWords.KEYS),
        PIECES(GgufKeys.LLAMA, GgufPieces.LLAMA),
        UNIGRAM(GgufKeys.LLAMA, GgufPieces.T5);

        final KnownKeys keys;
        final KnownKeys tokenizer;

        Kind(KnownKeys keys, KnownKeys tokenizer) {
            this.keys = keys;
            this.tokenizer = tokenizer;
        }

        String prefix() {
            return this == MIXTRAL || isOfPieces() ? "llama." : name().toLowerCase(Locale.ROOT) + ".";
        }

        /// Whether it is a LLAMA once more, with another tokenizer.
        boolean isOfPieces() {
            return this == PIECES || this == UNIGRAM;
        }
    }

    /// Another value for each obeyed key than the files have, and one that makes a difference.
    private static final Map<String, Object> OTHERS = Map.ofEntries(
            Map.entry("general.architecture", "gptj"),
            Map.entry("general.alignment", 48L),
            Map.entry("vocab_size", 299L),
            Map.entry("context_length", 17L),
            Map.entry("embedding_length", 32L),
            Map.entry("block_count", 3L),
            Map.entry("feed_forward_length", 95L),
            Map.entry("attention.head_count", 2L),
            Map.entry("attention.head_count_kv", 1L),
            Map.entry("attention.key_length", 8L),
            Map.entry("attention.value_length", 8L),
            Map.entry("attention.layer_norm_rms_epsilon", 0.25),
            Map.entry("attention.layer_norm_epsilon", 0.25),
            Map.entry("rope.dimension_count", 8L),
            Map.entry("rope.freq_base", 77.0),
            Map.entry("rope.scale_linear", 3.0),
            Map.entry("rope.scaling.type", "linear"),
            Map.entry("rope.scaling.factor", 3.0),
            Map.entry("rope.scaling.attn_factor", 1.5),
            Map.entry("rope.scaling.original_context_length", 4L),
            Map.entry("rope.scaling.yarn_beta_fast", 3.0),
            Map.entry("rope.scaling.yarn_beta_slow", 0.125),
            Map.entry("expert_count", 2L),
            Map.entry("expert_used_count", 1L),
            Map.entry("expert_feed_forward_length", 95L),
            Map.entry("pooling_type", 2L),
            Map.entry("tokenizer.ggml.model", "rwkv"),
            Map.entry("tokenizer.ggml.pre", "starcoder"),
            Map.entry("tokenizer.ggml.tokens", List.of("a")),
            Map.entry("tokenizer.ggml.token_type", new int[] {1}),
            Map.entry("tokenizer.ggml.token_type_count", 3L),
            Map.entry("tokenizer.ggml.scores", new int[] {1}),
            Map.entry("tokenizer.ggml.add_space_prefix", true),
            Map.entry("tokenizer.ggml.remove_extra_whitespaces", true),
            Map.entry("tokenizer.ggml.precompiled_charsmap", new int[] {0, 0, 0, 1}),
            Map.entry("tokenizer.ggml.merges", List.of("a b")),
            Map.entry("tokenizer.ggml.bos_token_id", 7L),
            Map.entry("tokenizer.ggml.eos_token_id", 7L),
            Map.entry("tokenizer.ggml.eot_token_id", 7L),
            Map.entry("tokenizer.ggml.eom_token_id", 7L),
            Map.entry("tokenizer.ggml.unknown_token_id", 7L),
            Map.entry("tokenizer.ggml.seperator_token_id", 7L),
            Map.entry("tokenizer.ggml.padding_token_id", 7L),
            Map.entry("tokenizer.ggml.cls_token_id", 7L),
            Map.entry("tokenizer.ggml.mask_token_id", 7L),
            Map.entry("tokenizer.ggml.add_bos_token", true),
            Map.entry("tokenizer.ggml.add_eos_token", true),
            Map.entry("tokenizer.ggml.normalizer.lowercase", false),
            Map.entry("tokenizer.ggml.normalizer.strip_accents", false),
            Map.entry("tokenizer.chat_template", "{{ messages }}"),
            Map.entry("tokenizer.chat_template.{name}", "{{ tools }}"),
            Map.entry("tokenizer.chat_templates", List.of("gone")));

    private Path base;
    private Path edited;

    @BeforeEach
    void paths() {
        base = folder.resolve("base.gguf");
        edited = folder.resolve("edited.gguf");
    }

    private GgufEdit edit() {
        return new GgufEdit(base);
    }

    /// The file as far as a reader can tell it from another.
    private record Outcome(String config, int logits, Object roles, Object pooling, String ids) {}

    private static Outcome outcome(Path file) {
        GgufModel read = GgufModel.read(file);
        String text = "The  whale, É"; // two spaces, of which a Unigram may drop one
        return new Outcome(
                config(read.model()),
                Arrays.hashCode(numbers(read.model())),
                read.tokenizer().roles(),
                read.pooling(),
                Arrays.toString(read.tokenizer().encode(text))
                        + Arrays.toString(read.tokenizer().encodeForModel(text).ids()));
    }

    private static String config(Layer model) {
        return switch (model) {
            case RmsDecoder decoder -> decoder.config().toString();
            case Gpt gpt -> gpt.config().toString();
            case BertEncoder bert -> bert.config().toString();
            default -> throw new AssertionError(model);
        };
    }

    private static double[] numbers(Layer model) {
        Indices ids = Indices.of(1, 5, 7, 2, 3).reshape(1, 5);
        return model instanceof BertEncoder bert
                ? bert.forward(ids, Indices.of(0, 0, 0, 0, 0).reshape(1, 5), KeyMask.full())
                        .toArray()
                : ((LanguageModel) model).forward(ids).toArray();
    }

    private void write(Kind kind) {
        GgufSamples.write(base, kind.name());
        if (kind == Kind.LLAMA || kind == Kind.MIXTRAL || kind == Kind.QWEN2) { // so that each key of a scaling counts
            edit().key(kind.prefix() + "rope.scaling.type", "yarn")
                    .key(kind.prefix() + "rope.scaling.factor", 2.0)
                    .key(kind.prefix() + "rope.scaling.original_context_length", 8L)
                    .write(base);
        }
    }

    private void refused(String key, GgufEdit edit) {
        edit.write(edited);
        assertThatThrownBy(() -> GgufModel.read(edited))
                .as(key)
                .isInstanceOf(CheckpointMismatchException.class)
                .hasMessageContaining(edited.toString())
                .hasMessageContaining("'" + key + "'");
    }

    @ParameterizedTest
    @EnumSource
    void x7_everyKeyIsObeyedHarmlessOrRefused(Kind kind) {
        write(kind);
        Outcome before = outcome(base);
        if (!kind.isOfPieces()) {
            walk(kind, "", GgufKeys.GENERAL, before);
            walk(kind, kind.prefix(), kind.keys, before);
        }
        walk(kind, "", kind.tokenizer, before);
        for (String unknown : List.of(
                "general.flavour",
                "flavour",
                kind.prefix() + "rope.flavour",
                "tokenizer.ggml.flavour",
                "falcon.rope")) {
            refused(unknown, edit().key(unknown, 1L));
        }
    }

    private void walk(Kind kind, String prefix, KnownKeys keys, Outcome before) {
        keys.rules().forEach((name, rule) -> {
            String key = prefix + name.replace("{id}", "0").replace("{name}", "tool_use");
            switch (rule) {
                case Obeyed obeyed -> obeyed(kind, key, name, before);
                case Harmless harmless -> {
                    Object value = key.endsWith("pooling_type") ? (Object) 3L : "[31m evil";
                    edit().key(key, value).write(edited);
                    assertThat(outcome(edited)).as(key).isEqualTo(before);
                    assertThat(harmless.reason()).isNotBlank();
                }
                case Refused refused -> {
                    refused(key, edit().key(key, 1L));
                    assertThat(refused.reason()).isNotBlank();
                }
                case Only only -> {
                    for (Object allowed : only.allowed()) {
                        edit().key(key, allowed).write(edited);
                        assertThat(outcome(edited)).as(key).isEqualTo(before);
                    }
                    for (Object other :
                            new Object[] {7L, "other", !only.allowed().contains(true)}) {
                        if (!only.allowed().contains(other)) {
                            refused(key, edit().key(key, other));
                        }
                    }
                }
            }
        });
    }

    private void obeyed(Kind kind, String key, String name, Outcome before) {
        assertThat(OTHERS).as("teach this test about %s", name).containsKey(name);
        Object value = OTHERS.get(name);
        if (edit().key(key) instanceof Boolean flag) {
            value = !flag;
        }
        if (kind != Kind.MIXTRAL && name.equals("expert_feed_forward_length")) {
            return; // counts where there are experts only
        }
        GgufEdit edit = edit().key(key, value);
        if (name.equals("rope.scale_linear")) {
            edit.key(kind.prefix() + "rope.scaling.factor", null); // its older name, which counts without the newer
        }
        edit.write(edited);
        Object after;
        try {
            after = outcome(edited);
        } catch (CheckpointMismatchException | CorruptCheckpointException held) {
            assertThat(((GradusException) held).getMessage()).contains(edited.toString());
            return;
        }
        assertThat(after).as(key).isNotEqualTo(before);
    }
}
