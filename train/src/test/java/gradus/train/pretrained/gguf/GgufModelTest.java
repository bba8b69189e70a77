package gradus.train.pretrained.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.CheckpointMismatchException;
import gradus.layers.model.Bert;
import gradus.layers.model.Gpt;
import gradus.layers.model.LanguageModel;
import gradus.layers.model.Llama;
import gradus.layers.model.Mixtral;
import gradus.layers.model.Qwen2;
import gradus.layers.model.RmsDecoder;
import gradus.layers.model.config.GptConfig;
import gradus.layers.model.config.Head;
import gradus.layers.model.config.LlamaConfig;
import gradus.layers.position.DividedFrequencies;
import gradus.layers.position.Llama3Scaling;
import gradus.layers.position.LongRope;
import gradus.layers.position.PositionInterpolation;
import gradus.layers.position.RopeFrequencies;
import gradus.layers.position.Yarn;
import gradus.tensor.Tensor;
import gradus.tensor.mask.KeyMask;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import gradus.tokenizer.ByteLevelBpe;
import gradus.tokenizer.WordPiece;
import gradus.train.checkpoint.Gguf;
import gradus.train.checkpoint.GgufType;
import gradus.train.pretrained.SentenceEmbedding;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
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
}
