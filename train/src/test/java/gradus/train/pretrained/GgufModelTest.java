package gradus.train.pretrained;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.CheckpointMismatchException;
import gradus.layers.model.Gpt;
import gradus.layers.model.GptConfig;
import gradus.layers.model.LanguageModel;
import gradus.layers.model.Llama;
import gradus.layers.model.LlamaConfig;
import gradus.layers.model.Mixtral;
import gradus.layers.model.Qwen2;
import gradus.layers.position.Llama3Scaling;
import gradus.layers.position.Yarn;
import gradus.tensor.Indices;
import gradus.tensor.Rng;
import gradus.tensor.Shape;
import gradus.tensor.Tensor;
import gradus.tokenizer.ByteLevelBpe;
import gradus.tokenizer.Tokenizers;
import gradus.train.checkpoint.Gguf;
import gradus.train.checkpoint.GgufType;
import java.net.URISyntaxException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufModelTest {
    private static final Indices IDS = Indices.of(Shape.of(1, 5), new int[] {1, 50, 7, 200, 3});
    private static final LlamaConfig SMALL = LlamaConfig.of(64, 4, 2)
            .withVocabSize(300)
            .withContext(16)
            .withKvHeads(2)
            .withHidden(96);

    @TempDir
    private Path folder;

    private final ByteLevelBpe tokenizer = tokenizer();

    private static ByteLevelBpe tokenizer() {
        try {
            return (ByteLevelBpe) Tokenizers.load(
                    Path.of(GgufModelTest.class.getResource("llama_tokenizer").toURI()));
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private GgufModel roundTrip(LanguageModel model, GgufType type) {
        new GgufModel(model, tokenizer).write(folder.resolve("model.gguf"), type);
        return GgufModel.read(folder.resolve("model.gguf"));
    }

    @Test
    void readsWhatItWrote() {
        for (LanguageModel model : new LanguageModel[] {
            new Gpt(new GptConfig(300, 16, 2, 4, 64, 0), Rng.of(1)),
            new Llama(SMALL, Rng.of(1)),
            new Llama(SMALL.withTied(true), Rng.of(1)),
            new Qwen2(SMALL.withFrequencies(new Yarn(1e6, 4, 8)), Rng.of(1))
        }) {
            model.eval();
            GgufModel read = roundTrip(model, GgufType.F32);
            assertThat(read.model()).hasSameClassAs(model);
            assertThat(read.languageModel().forward(IDS).toArray())
                    .isEqualTo(model.forward(IDS).toArray());
            assertThat(read.tokenizer().encode("the whale")).isEqualTo(tokenizer.encode("the whale"));
            assertThat(read.tokenizer().specialTokens()).isEqualTo(tokenizer.specialTokens());
        }
    }

    @Test
    void quantisedModelsStayNear() {
        Llama model = new Llama(SMALL, Rng.of(1));
        Tensor weight = model.namedParameters().get("model.layers.1.mlp.up_proj.weight");
        double heaviest = weight.abs().reshape(-1).max(0).item();
        for (GgufType type : GgufType.written()) {
            Tensor read = roundTrip(model, type).model().namedParameters().get("model.layers.1.mlp.up_proj.weight");
            double largest = read.sub(weight).abs().reshape(-1).max(0).item();
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
    void slowedFrequenciesOfLlama3BecomeDivisors() {
        Llama model = new Llama(
                SMALL.withFrequencies(new Llama3Scaling(500_000, 8, 8, Llama3Scaling.Turns.OF_LLAMA)), Rng.of(1));
        new GgufModel(model, tokenizer).write(folder.resolve("model.gguf"), GgufType.F16);
        double[] divisors = Gguf.open(folder.resolve("model.gguf"))
                .read("rope_freqs.weight")
                .toArray();
        assertThat(divisors).hasSize(8);
        assertThat(divisors[7]).isEqualTo(8); // the slowest pair is slowed by the whole scale
        assertThatThrownBy(() -> GgufModel.read(folder.resolve("model.gguf")))
                .isInstanceOf(CheckpointMismatchException.class)
                .hasMessageContaining("rope_freqs");
    }

    @Test
    void modelsThatDoNotFit() {
        Llama narrow = new Llama(SMALL.withVocabSize(61), Rng.of(1));
        assertThatThrownBy(() -> roundTrip(narrow, GgufType.F32))
                .isInstanceOf(CheckpointMismatchException.class) // BAD-INPUT 133
                .hasMessageContaining("the model 61");
        Mixtral mixtral = new Mixtral(SMALL, 2, 1, Rng.of(1));
        assertThatThrownBy(() -> roundTrip(mixtral, GgufType.F32))
                .isInstanceOf(CheckpointMismatchException.class)
                .hasMessageContaining("Mixtral");
        assertThat(folder).isEmptyDirectory();
    }
}
