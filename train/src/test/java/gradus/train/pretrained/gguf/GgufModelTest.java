package gradus.train.pretrained.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.CheckpointMismatchException;
import gradus.error.CorruptCheckpointException;
import gradus.error.GradusException;
import gradus.layers.model.Bert;
import gradus.layers.model.BertMaskedLm;
import gradus.layers.model.Gpt;
import gradus.layers.model.LanguageModel;
import gradus.layers.model.Llama;
import gradus.layers.model.Mixtral;
import gradus.layers.model.Qwen2;
import gradus.layers.model.RmsDecoder;
import gradus.layers.model.config.BertConfig;
import gradus.layers.model.config.GptConfig;
import gradus.layers.model.config.Head;
import gradus.layers.model.config.LlamaConfig;
import gradus.layers.model.config.Reach;
import gradus.layers.position.DividedFrequencies;
import gradus.layers.position.Llama3Scaling;
import gradus.layers.position.LongRope;
import gradus.layers.position.PlainFrequencies;
import gradus.layers.position.PositionInterpolation;
import gradus.layers.position.RopeFrequencies;
import gradus.layers.position.Yarn;
import gradus.tensor.Indices;
import gradus.tensor.Rng;
import gradus.tensor.Shape;
import gradus.tensor.Tensor;
import gradus.tensor.mask.KeyMask;
import gradus.tokenizer.ByteLevelBpe;
import gradus.tokenizer.WordPiece;
import gradus.train.checkpoint.Gguf;
import gradus.train.checkpoint.GgufType;
import gradus.train.pretrained.SentenceEmbedding;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufModelTest {
    private static final Indices IDS = Indices.of(Shape.of(1, 5), new int[] {1, 50, 7, 200, 3});
    private static final LlamaConfig SMALL = GgufSamples.SMALL;

    @TempDir
    private Path folder;

    private final ByteLevelBpe tokenizer = GgufSamples.bytes();

    private GgufModel roundTrip(LanguageModel model, GgufType type) {
        new GgufModel(model, tokenizer).write(folder.resolve("model.gguf"), type);
        return GgufModel.read(folder.resolve("model.gguf"));
    }

    @Test
    void readsWhatItWrote() {
        List<Double> divisors = List.of(1.0, 1.25, 1.5, 2.0, 3.0, 4.0, 5.5, 8.0);
        List<Double> longer = divisors.stream().map(divisor -> 3 * divisor).toList();
        for (LanguageModel model : new LanguageModel[] {
            new Gpt(new GptConfig(300, 16, 2, 4, 64, 0), Rng.of(1)),
            new Gpt(new GptConfig(300, 16, 2, 4, 64, 0).withHead(Head.OWN), Rng.of(1)), // X10
            new Llama(SMALL, Rng.of(1)),
            new Llama(SMALL.withTied(true), Rng.of(1)),
            new Llama(SMALL.withFrequencies(new PositionInterpolation(1e4, 2.5)), Rng.of(1)),
            new Llama(SMALL.withFrequencies(new DividedFrequencies(1e4, divisors)), Rng.of(1)),
            new Llama(
                    SMALL.withFrequencies(new LongRope(1e4, 4, 4, new LongRope.Divisors(divisors, longer), 1.25)),
                    Rng.of(1)),
            new Mixtral(SMALL, 3, 2, Rng.of(1)),
            new Mixtral(SMALL.withTied(true), 4, 1, Rng.of(1)),
            new Qwen2(SMALL.withFrequencies(new Yarn(1e6, 4, 8)), Rng.of(1)),
            new Qwen2(SMALL.withFrequencies(new Yarn(1e6, 4, 8, Yarn.Rotations.OF_PAPER, 1.5)), Rng.of(1))
        }) {
            GgufSamples.stirred(model);
            GgufModel read = roundTrip(model, GgufType.F32);
            assertThat(read.model()).hasSameClassAs(model);
            if (model instanceof RmsDecoder decoder && decoder.config().frequencies() instanceof Yarn yarn) {
                Yarn same = (Yarn) ((RmsDecoder) read.model()).config().frequencies();
                assertThat(same.factor()).isCloseTo(yarn.factor(), within(1e-7 * yarn.factor())); // a float32 is stored
                assertThat(same.rotations()).isEqualTo(yarn.rotations());
            } else if (model instanceof RmsDecoder decoder) {
                assertThat(((RmsDecoder) read.model()).config()).isEqualTo(decoder.config());
            }
            double[] expected = model.forward(IDS).toArray();
            assertThat(read.languageModel().forward(IDS).toArray())
                    .as("%s", model.getClass())
                    .containsExactly(expected, within(1e-5)); // the factor of YaRN is a float32; logits are about 1
            assertThat(read.tokenizer().encode("the whale")).isEqualTo(tokenizer.encode("the whale"));
            assertThat(read.tokenizer().specialTokens()).isEqualTo(tokenizer.specialTokens());
        }
    }

    @Test
    void quantisedModelsStayNear() {
        Llama model = new Llama(SMALL, Rng.of(1));
        Tensor weight = model.namedParameters().get("model.layers.1.mlp.up_proj.weight");
        double heaviest = weight.abs().max().item();
        for (GgufType type : GgufType.written()) {
            Tensor read = roundTrip(model, type).model().namedParameters().get("model.layers.1.mlp.up_proj.weight");
            double largest = read.sub(weight).abs().max().item();
            // a step of Q4_0, the coarsest, is an eighth of the largest in its block, and 8 steps up there are but 7
            assertThat(largest).isLessThan(heaviest / 8 + 1e-3 * heaviest); // d is a float16
        }
    }

    /// Turning neighbours of the exchanged rows gives the exchanged result of turning halves.
    @Test
    void namesAndRowsAreThoseOfLlamaCpp() {
        Llama model = new Llama(SMALL, Rng.of(1));
        roundTrip(model, GgufType.F32);
        Gguf file = Gguf.open(folder.resolve("model.gguf"));
        assertThat(file.names())
                .contains("token_embd.weight", "output_norm.weight", "output.weight")
                .contains("blk.1.attn_q.weight", "blk.1.attn_output.weight", "blk.1.ffn_gate.weight")
                .contains("blk.0.attn_norm.weight", "blk.0.ffn_norm.weight", "blk.0.ffn_down.weight");
        assertThat(file.size("llama.attention.head_count_kv")).isEqualTo(2);
        Tensor own = model.namedParameters().get("model.layers.0.self_attn.k_proj.weight");
        Tensor stored = file.read("blk.0.attn_k.weight");
        for (int head = 0; head < 2; head++) {
            for (int half = 0; half < 2; half++) {
                for (int i = 0; i < 8; i++) {
                    assertThat(stored.get(head * 16 + 2 * i + half, 5)).isEqualTo(own.get(head * 16 + half * 8 + i, 5));
                }
            }
        }
    }

    @Test
    void slowedFrequenciesOfLlama3BecomeDivisorsAndComeBack() {
        for (Llama3Scaling scaling : new Llama3Scaling[] {
            new Llama3Scaling(500_000, 8, 8, Llama3Scaling.Rotations.OF_LLAMA),
            new Llama3Scaling(500_000, 32, 8192, Llama3Scaling.Rotations.OF_LLAMA),
            new Llama3Scaling(10_000, 3, 777, Llama3Scaling.Rotations.OF_LLAMA)
        }) {
            Llama model = GgufSamples.stirred(new Llama(SMALL.withFrequencies(scaling), Rng.of(1)));
            GgufModel read = roundTrip(model, GgufType.F32);
            double[] divisors = Gguf.open(folder.resolve("model.gguf"))
                    .read("rope_freqs.weight")
                    .toArray();
            assertThat(divisors).hasSize(8);
            assertThat(divisors[7]).isEqualTo(scaling.scale()); // the slowest pair is slowed by the whole scale
            assertThat(((Llama) read.model()).config()).isEqualTo(model.config());
            assertThat(read.languageModel().forward(IDS).toArray())
                    .isEqualTo(model.forward(IDS).toArray());
        }
    }

    /// Other bounds than Llama's cannot be told from the divisors, which say all there is to say.
    @Test
    void slowedFrequenciesOfOtherBoundsStayDivisors() {
        Llama3Scaling scaling = new Llama3Scaling(10_000, 8, 64, new Llama3Scaling.Rotations(0.5, 5));
        Llama model = GgufSamples.stirred(new Llama(SMALL.withFrequencies(scaling), Rng.of(1)));
        RopeFrequencies read =
                ((Llama) roundTrip(model, GgufType.F32).model()).config().frequencies();
        assertThat(read).isInstanceOf(DividedFrequencies.class);
        double[] expected = scaling.angles(16, 1);
        double[] angles = read.angles(16, 1);
        for (int i = 0; i < 8; i++) {
            assertThat(angles[i]).isCloseTo(expected[i], within(0x1p-23 * expected[i])); // a float32's rounding
        }
    }

    @Test
    void expertsLieInOneTensor() {
        Mixtral model = GgufSamples.stirred(new Mixtral(SMALL, 3, 2, Rng.of(1)));
        roundTrip(model, GgufType.Q8_0);
        Gguf file = Gguf.open(folder.resolve("model.gguf"));
        assertThat(file.shape("blk.1.ffn_gate_exps.weight")).containsExactly(3, 96, 64);
        assertThat(file.shape("blk.1.ffn_up_exps.weight")).containsExactly(3, 96, 64);
        assertThat(file.shape("blk.1.ffn_down_exps.weight")).containsExactly(3, 64, 96);
        assertThat(file.type("blk.1.ffn_gate_exps.weight")).isEqualTo(GgufType.Q8_0);
        assertThat(file.type("blk.1.ffn_gate_inp.weight")).isEqualTo(GgufType.F32); // routers are never quantised
        assertThat(file.text("general.architecture")).isEqualTo("llama");
        assertThat(file.size("llama.expert_used_count")).isEqualTo(2);
        Tensor w2 = model.namedParameters().get("model.layers.1.block_sparse_moe.experts.2.w2.weight");
        Tensor read = file.read("blk.1.ffn_down_exps.weight", 2);
        assertThat(read.shape()).isEqualTo(w2.shape());
        double largest = w2.abs().max().item();
        assertThat(read.sub(w2).abs().max().item()).isLessThan(largest / 127); // one step is twice that
        assertThatThrownBy(() -> file.read("blk.1.ffn_down_exps.weight", 3))
                .isInstanceOf(CheckpointMismatchException.class)
                .hasMessageContaining("no part 3");
    }

    /// Converters before the merged tensors wrote one for each expert.
    @Test
    void expertsInTensorsOfTheirOwn() {
        Mixtral model = GgufSamples.stirred(new Mixtral(SMALL, 3, 2, Rng.of(1)));
        roundTrip(model, GgufType.F32);
        Path path = folder.resolve("model.gguf");
        GgufEdit edit = new GgufEdit(path);
        for (int block = 0; block < 2; block++) {
            for (String part : new String[] {"gate", "up", "down"}) {
                String merged = "blk." + block + ".ffn_" + part + "_exps.weight";
                Tensor all = edit.tensor(merged);
                for (int e = 0; e < 3; e++) {
                    edit.tensor("blk." + block + ".ffn_" + part + "." + e + ".weight", all.select(0, e));
                }
                edit.tensor(merged, null);
            }
        }
        GgufModel read = GgufModel.read(edit.write(folder.resolve("older.gguf")));
        assertThat(read.languageModel().forward(IDS).toArray())
                .isEqualTo(model.forward(IDS).toArray());
    }

    @Test
    void bertKeepsItsPoolerAndItsWords() {
        for (boolean lowercase : new boolean[] {true, false}) {
            Bert bert = (Bert) GgufSamples.model("BERT");
            WordPiece words = GgufSamples.words(folder, lowercase);
            Path path = folder.resolve("bert.gguf");
            new GgufModel(bert, words, GgufPooling.MEAN).write(path, GgufType.F32);
            GgufModel read = GgufModel.read(path);
            Bert same = (Bert) read.model();
            assertThat(same.config()).isEqualTo(bert.config());
            Indices ids = Indices.of(2, 5, 6, 3).reshape(1, 4);
            Indices segments = Indices.of(0, 0, 1, 1).reshape(1, 4);
            Tensor states = bert.forward(ids, segments, KeyMask.full());
            assertThat(same.forward(ids, segments, KeyMask.full()).toArray()).isEqualTo(states.toArray());
            assertThat(same.pool(states).toArray()).isEqualTo(bert.pool(states).toArray());
            for (String text : new String[] {"the whales", "The Whale, é E", "[MASK] whale", "hé the"}) {
                assertThat(read.tokenizer().encodeForModel(text).ids())
                        .isEqualTo(words.encodeForModel(text).ids());
                assertThat(read.tokenizer().encode(text, words.specialTokens()))
                        .isEqualTo(words.encode(text, words.specialTokens()));
            }
            assertThat(read.tokenizer().roles()).isEqualTo(words.roles().withAddEos(false)); // a file always says it
            assertThat(read.sentenceEmbedding().embed("the whales"))
                    .isEqualTo(new SentenceEmbedding(bert, words).embed("the whales"));
            Gguf file = Gguf.open(path);
            assertThat(file.names())
                    .contains("token_types.weight", "token_embd_norm.bias", "blk.1.attn_output_norm.weight")
                    .contains("blk.0.layer_output_norm.bias", "position_embd.weight", "cls.weight");
            assertThat(file.texts("tokenizer.ggml.tokens")).contains("[CLS]", "▁whale", "ale");
            assertThat(file.text("tokenizer.ggml.model")).isEqualTo("bert");
            assertThat(file.flag("bert.attention.causal")).isFalse();
            assertThat(file.size("bert.pooling_type")).isEqualTo(1);
            assertThatThrownBy(read::languageModel).isInstanceOf(CheckpointMismatchException.class);
        }
    }

    /// Written before control tokens had a type: in brackets and without `▁`.
    @Test
    void bertByOlderConverters() {
        Path path = folder.resolve("bert.gguf");
        GgufSamples.write(path, "BERT");
        Gguf file = Gguf.open(path);
        int[] types = new int[20];
        Arrays.fill(types, 0, 16, 1);
        Arrays.fill(types, 16, 20, 5);
        types[1] = 2;
        GgufModel read = GgufModel.read(new GgufEdit(path)
                .key("tokenizer.ggml.token_type", types)
                .key("bert.pooling_type", 0L)
                .write(folder.resolve("older.gguf")));
        WordPiece words = GgufSamples.words(folder, true);
        assertThat(read.tokenizer().encodeForModel("The whales").ids())
                .isEqualTo(words.encodeForModel("The whales").ids());
        assertThat(read.pooling()).isEqualTo(GgufPooling.NONE);
        assertThatThrownBy(read::sentenceEmbedding).isInstanceOf(CheckpointMismatchException.class);
        assertThat(file.texts("tokenizer.ggml.tokens")).hasSize(20);
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
