package gradus.train.pretrained.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.CheckpointMismatchException;
import gradus.error.CorruptCheckpointException;
import gradus.error.GradusException;
import gradus.layers.model.BertMaskedLm;
import gradus.layers.model.Gpt;
import gradus.layers.model.LanguageModel;
import gradus.layers.model.Llama;
import gradus.layers.model.Qwen2;
import gradus.layers.model.config.BertConfig;
import gradus.layers.model.config.Head;
import gradus.layers.model.config.LlamaConfig;
import gradus.layers.model.config.Reach;
import gradus.layers.position.DividedFrequencies;
import gradus.layers.position.PlainFrequencies;
import gradus.layers.position.PositionInterpolation;
import gradus.layers.position.Yarn;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import gradus.tokenizer.ByteLevelBpe;
import gradus.train.checkpoint.GgufType;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a file says of its model is obeyed or refused, and a model that no file can tell of is not written.
class GgufModelKeysTest {
    private static final Indices IDS = Indices.of(Shape.of(1, 5), new int[] {1, 50, 7, 200, 3});
    private static final LlamaConfig SMALL = GgufSamples.SMALL;

    @TempDir
    private Path folder;

    private final ByteLevelBpe tokenizer = GgufSamples.bytes();

    private GgufModel roundTrip(LanguageModel model, GgufType type) {
        new GgufModel(model, tokenizer).write(folder.resolve("model.gguf"), type);
        return GgufModel.read(folder.resolve("model.gguf"));
    }

    /// A head that differs from the token table in one number is a head of its own.
    @Test
    void x10_aHeadThatDiffersFromTheTableIsNotDropped() {
        Gpt model = (Gpt) GgufSamples.model("GPT2");
        GgufModel same = roundTrip(model, GgufType.F32);
        assertThat(((Gpt) same.model()).config().head()).isEqualTo(Head.TIED);
        Path path = folder.resolve("model.gguf");
        GgufEdit edit = new GgufEdit(path);
        float[] table = edit.tensor("output.weight").toFloatArray();
        table[64 * 299 + 63] += 0.5f;
        edit.tensor("output.weight", Tensor.of(table, 300, 64)).write(folder.resolve("own.gguf"));
        GgufModel read = GgufModel.read(folder.resolve("own.gguf"));
        assertThat(((Gpt) read.model()).config().head()).isEqualTo(Head.OWN);
        double[] logits = read.languageModel().forward(IDS).toArray();
        double[] before = model.forward(IDS).toArray();
        assertThat(logits[299]).isNotEqualTo(before[299]);
        assertThat(Arrays.copyOf(logits, 299)).isEqualTo(Arrays.copyOf(before, 299));
        // without any, it is the table's
        edit.tensor("output.weight", null).write(folder.resolve("none.gguf"));
        assertThat(GgufModel.read(folder.resolve("none.gguf"))
                        .languageModel()
                        .forward(IDS)
                        .toArray())
                .isEqualTo(before);
    }

    /// What makes the keys of a rotary embedding count, by the values that llama.cpp gives them.
    @Test
    void x8_everyKeyOfAScalingIsObeyed() {
        Path path = folder.resolve("model.gguf");
        GgufSamples.write(path, "LLAMA");
        Object[][] cases = {
            {new PlainFrequencies(500), "freq_base", 500.0},
            {new PositionInterpolation(10_000, 4), "scale_linear", 4.0},
            {new PositionInterpolation(10_000, 4), "scaling.factor", 4.0},
            {new PositionInterpolation(10_000, 4), "scaling.factor", 4.0, "scale_linear", 2.0},
            {new PositionInterpolation(10_000, 4), "scaling.type", "linear", "scaling.factor", 4.0},
            {new PlainFrequencies(10_000), "scaling.type", "none", "scaling.factor", 4.0},
            {new PlainFrequencies(10_000), "scaling.factor", 0.0},
            {new Yarn(10_000, 4, 16), "scaling.type", "yarn", "scaling.factor", 4.0},
            {
                new Yarn(10_000, 4, 4, new Yarn.Rotations(5, 0.5)),
                "scaling.type",
                "yarn",
                "scaling.factor",
                4.0,
                "scaling.original_context_length",
                4L,
                "scaling.yarn_beta_fast",
                5.0,
                "scaling.yarn_beta_slow",
                0.5,
                "scaling.yarn_ext_factor",
                1.0
            },
            {
                new Yarn(10_000, 4, 16, Yarn.Rotations.OF_PAPER, 1.5 * Yarn.factorOf(4, 1)),
                "scaling.type",
                "yarn",
                "scaling.factor",
                4.0,
                "scaling.attn_factor",
                1.5
            }
        };
        for (Object[] each : cases) {
            GgufEdit edit = new GgufEdit(path).key("llama.rope.freq_base", null);
            for (int i = 1; i < each.length; i += 2) {
                edit.key("llama.rope." + each[i], each[i + 1]);
            }
            GgufModel read = GgufModel.read(edit.write(folder.resolve("edited.gguf")));
            assertThat(((Llama) read.model()).config().frequencies()).isEqualTo(each[0]);
        }
    }

    @Test
    void x9_scalingsThatAreNotSupported() {
        Path path = folder.resolve("model.gguf");
        GgufSamples.write(path, "LLAMA");
        refused(path, "rope.dimension_count", "llama.rope.dimension_count", 8L);
        refused(path, "\"dynamic\" is not supported", "llama.rope.scaling.type", "dynamic");
        refused(path, "rope.scaling.attn_factor", "llama.rope.scaling.attn_factor", 1.5);
        refused(path, "needs rope_factors_short.weight", "llama.rope.scaling.type", "longrope");
        refused(path, "attention.value_length", "llama.attention.value_length", 8L);
        refused(path, "vocab_size", "llama.vocab_size", 299L);
        refused(path, "differs from block to block", "llama.attention.head_count_kv", new int[] {2, 4});
        GgufModel same = GgufModel.read(new GgufEdit(path)
                .key("llama.attention.head_count_kv", new int[] {2, 2})
                .write(folder.resolve("edited.gguf")));
        assertThat(((Llama) same.model()).config().kvHeads()).isEqualTo(2);
        Path qwen = folder.resolve("qwen2.gguf");
        GgufSamples.write(qwen, "QWEN2");
        assertThatThrownBy(() -> GgufModel.read(new GgufEdit(qwen)
                        .tensor("rope_freqs.weight", Tensor.ones(8))
                        .write(folder.resolve("edited.gguf"))))
                .isInstanceOf(CheckpointMismatchException.class)
                .hasMessageContaining("rope_freqs.weight"); // llama.cpp's qwen2 has none
        assertThatThrownBy(() -> GgufModel.read(new GgufEdit(path)
                        .tensor("rope_freqs.weight", Tensor.ones(8).mul(2))
                        .key("llama.rope.scaling.type", "yarn")
                        .key("llama.rope.scaling.factor", 2.0)
                        .write(folder.resolve("edited.gguf"))))
                .isInstanceOf(CheckpointMismatchException.class)
                .hasMessageContaining("rope_freqs.weight beside");
    }

    private void refused(Path path, String reason, String key, Object value) {
        Path edited = new GgufEdit(path).key(key, value).write(folder.resolve("edited.gguf"));
        assertThatThrownBy(() -> GgufModel.read(edited))
                .isInstanceOf(CheckpointMismatchException.class)
                .hasMessageContaining(edited.toString())
                .hasMessageContaining(reason);
    }

    /// A file that says it is huge is refused by what it holds, before anything is built.
    @Test
    void r4_keysThatClaimMoreThanTheTensorsHold() {
        for (String kind : new String[] {"LLAMA", "MIXTRAL", "QWEN2", "GPT2", "BERT"}) {
            Path path = folder.resolve("model.gguf");
            GgufSamples.write(path, kind);
            String prefix = kind.equals("MIXTRAL") ? "llama." : kind.toLowerCase(Locale.ROOT) + ".";
            for (String key : new String[] {"block_count", "embedding_length", "feed_forward_length", "expert_count"}) {
                if (key.equals("expert_count") && !kind.equals("MIXTRAL")) {
                    continue;
                }
                Path edited = new GgufEdit(path).key(prefix + key, 2_000_000L).write(folder.resolve("edited.gguf"));
                com.sun.management.ThreadMXBean threads =
                        (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
                long before = threads.getCurrentThreadAllocatedBytes();
                assertThatThrownBy(() -> GgufModel.read(edited))
                        .as("%s %s", kind, key)
                        .isInstanceOfAny(CheckpointMismatchException.class, CorruptCheckpointException.class)
                        .hasMessageContaining(edited.toString());
                // the header and the tokenizer; one float for each of two million would be 8 MB
                assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(4 << 20);
            }
        }
    }

    @Test
    void r8_controlCharactersFromAFileAreShownEscaped() {
        Path path = folder.resolve("model.gguf");
        GgufSamples.write(path, "LLAMA");
        String evil = "\u001b[31m\u202eevil\n" + "x".repeat(5000);
        for (String key : new String[] {
            "general.architecture", "tokenizer.ggml.pre", "tokenizer.ggml.model", "llama.rope.scaling.type", evil
        }) {
            Path edited = new GgufEdit(path).key(key, evil).write(folder.resolve("edited.gguf"));
            assertThatThrownBy(() -> GgufModel.read(edited))
                    .isInstanceOf(GradusException.class)
                    .satisfies(thrown -> assertThat(thrown.getMessage())
                            .contains(edited.toString())
                            .contains("\\u001b[31m\\u202eevil\\n")
                            .hasSizeLessThanOrEqualTo(500)
                            .doesNotContainPattern("\\p{Cntrl}"));
        }
    }

    @Test
    void modelsThatDoNotFit() {
        Llama narrow = new Llama(SMALL.withVocabSize(61), Rng.of(1));
        assertThatThrownBy(() -> roundTrip(narrow, GgufType.F32))
                .isInstanceOf(CheckpointMismatchException.class) // BAD-INPUT 133
                .hasMessageContaining("the model 61");
        BertMaskedLm masked = new BertMaskedLm(new BertConfig(300, 16, 2, 1, 4, 64, 96, 0, 1e-12), Rng.of(1));
        assertThatThrownBy(() -> new GgufModel(masked, tokenizer).write(folder.resolve("model.gguf"), GgufType.F32))
                .isInstanceOf(CheckpointMismatchException.class)
                .hasMessageContaining("BertMaskedLm");
        Llama turns = new Llama(SMALL.withFrequencies(new Yarn(1e4, 4, 8, new Yarn.Rotations(16, 2))), Rng.of(1));
        assertThatThrownBy(() -> roundTrip(turns, GgufType.F32))
                .isInstanceOf(CheckpointMismatchException.class)
                .hasMessageContaining("YaRN's bounds");
        Qwen2 divided =
                new Qwen2(SMALL.withFrequencies(new DividedFrequencies(1e4, Collections.nCopies(8, 2.0))), Rng.of(1));
        assertThatThrownBy(() -> roundTrip(divided, GgufType.F32))
                .isInstanceOf(CheckpointMismatchException.class)
                .hasMessageContaining("qwen2");
        Llama near = new Llama(SMALL.withReach(Reach.ofWindow(8, 0)), Rng.of(1)); // no key of a llama says it
        assertThatThrownBy(() -> roundTrip(near, GgufType.F32))
                .isInstanceOf(CheckpointMismatchException.class)
                .hasMessageContaining("no word for Reach[window=8");
        GgufModel words = new GgufModel(new Llama(SMALL, Rng.of(1)), GgufSamples.words(folder, true));
        assertThatThrownBy(() -> words.write(folder.resolve("model.gguf"), GgufType.F32))
                .isInstanceOf(CheckpointMismatchException.class)
                .hasMessageContaining("WordPiece for encoders like BERT only");
        assertThat(folder).isDirectoryNotContaining("glob:**.gguf");
    }
}
