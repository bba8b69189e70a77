package gradus.layers.model;

import static gradus.layers.WeightKind.BIAS;
import static gradus.layers.WeightKind.MATRIX;
import static gradus.layers.WeightKind.OUTPUT_PROJECTION;
import static gradus.layers.WeightKind.TABLE;
import static org.assertj.core.api.Assertions.assertThat;

import gradus.layers.Layer;
import gradus.layers.Linear;
import gradus.layers.Sequential;
import gradus.layers.WeightKind;
import gradus.layers.model.config.BertConfig;
import gradus.layers.model.config.GptConfig;
import gradus.layers.model.config.Head;
import gradus.layers.model.config.LlamaConfig;
import gradus.layers.model.config.Positions;
import gradus.layers.model.config.Start;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Which parameter starts how, name by name: the names are those by which a trained model is known, so that a kind that
/// changes shows here.
class InitialWeightsTest {
    private static final Rng RNG = Rng.of(11);
    private static final GptConfig SIZE = new GptConfig(9, 8, 2, 2, 8, 0);

    /// All parameters are normal numbers of the stream of their name, times the deviation of their kind; those of no
    /// kind are all ones or zeros.
    private static void check(
            Layer model, Map<String, WeightKind> endings, double table, double matrix, double output) {
        model.namedParameters().forEach((name, parameter) -> {
            WeightKind kind = endings.entrySet().stream()
                    .filter(ending -> name.endsWith(ending.getKey()))
                    .map(Map.Entry::getValue)
                    .findFirst()
                    .orElse(null);
            assertThat(model.weightKinds().get(name)).as(name).isEqualTo(kind);
            if (kind == null) {
                assertThat(parameter.toFloatArray()).as(name).containsOnly(name.endsWith("bias") ? 0 : 1);
            } else if (kind == BIAS) {
                assertThat(parameter.toFloatArray()).as(name).containsOnly(0);
            } else {
                double deviation = kind == TABLE ? table : kind == MATRIX ? matrix : output;
                Tensor expected =
                        Tensor.randn(RNG.at(name), parameter.shape().dims()).mul(deviation);
                assertThat(parameter.toFloatArray()).as(name).isEqualTo(expected.toFloatArray());
            }
        });
    }

    private static final Map<String, WeightKind> GPT2 = Map.of(
            "wte.weight", TABLE,
            "wpe.weight", TABLE,
            "lm_head.weight", TABLE,
            "attn.c_attn.weight", MATRIX,
            "attn.c_attn.bias", BIAS,
            "attn.c_proj.weight", OUTPUT_PROJECTION,
            "c_proj.bias", BIAS,
            "mlp.c_fc.weight", MATRIX,
            "mlp.c_fc.bias", BIAS,
            "mlp.c_proj.weight", OUTPUT_PROJECTION);

    @Test
    void gpt() {
        double small = Math.sqrt(2.0 / (5.0 * 8));
        check(new Gpt(SIZE.withHead(Head.OWN), RNG), GPT2, 0.02, small, small / Math.sqrt(4));
        check(new Gpt(SIZE.withStart(Start.GPT2), RNG), GPT2, 0.02, 0.02, 0.02 / Math.sqrt(4));
    }

    @Test
    void mixtral() {
        LlamaConfig config = LlamaConfig.of(8, 2, 3).withVocabSize(9).withHidden(12);
        double small = Math.sqrt(2.0 / (5.0 * 8));
        Map<String, WeightKind> kinds = Map.of(
                "embed_tokens.weight", TABLE,
                "lm_head.weight", TABLE,
                "q_proj.weight", MATRIX,
                "k_proj.weight", MATRIX,
                "v_proj.weight", MATRIX,
                "o_proj.weight", OUTPUT_PROJECTION,
                "gate.weight", MATRIX,
                "w1.weight", MATRIX,
                "w2.weight", OUTPUT_PROJECTION,
                "w3.weight", MATRIX);
        check(new Mixtral(config, 2, 1, RNG), kinds, 0.02, small, small / Math.sqrt(6));
    }

    @Test
    void relativePositions() {
        Gpt t5 = new Gpt(SIZE.withPosition(new Positions.T5()), RNG);
        assertThat(t5.weightKinds()).containsEntry("wpe.relative_attention_bias.weight", TABLE);
        Gpt shaw = new Gpt(SIZE.withPosition(new Positions.Shaw(2)), RNG);
        assertThat(shaw.weightKinds())
                .containsEntry("wpe.key_embedding", TABLE)
                .containsEntry("wpe.value_embedding", TABLE);
        Gpt xl = new Gpt(SIZE.withPosition(new Positions.TransformerXl()), RNG);
        assertThat(xl.weightKinds())
                .containsEntry("wpe.r_w_bias", TABLE)
                .containsEntry("wpe.r_r_bias", TABLE)
                .containsEntry("wpe.r_net.weight", TABLE)
                .containsEntry("h.0.attn.c_attn.weight", MATRIX);
        assertThat(xl.namedParameters().get("wpe.r_w_bias").toFloatArray())
                .isEqualTo(Tensor.randn(RNG.at("wpe.r_w_bias"), 2, 4).mul(0.02).toFloatArray());
    }

    @Test
    void bert() {
        BertConfig config = BertConfig.miniLm()
                .withVocabSize(9)
                .withContext(8)
                .withLayers(1)
                .withDim(12)
                .withHidden(24);
        BertMaskedLm bert = new BertMaskedLm(config, RNG);
        bert.namedParameters().forEach((name, parameter) -> {
            if (parameter.rank() == 2) {
                Tensor expected =
                        Tensor.randn(RNG.at(name), parameter.shape().dims()).mul(0.02);
                assertThat(parameter.toFloatArray()).as(name).isEqualTo(expected.toFloatArray());
            } else {
                assertThat(parameter.toFloatArray()).as(name).containsOnly(name.endsWith("bias") ? 0 : 1);
            }
        });
    }

    /// A layer alone starts as it says itself; only a model starts it by its kind.
    @Test
    void aLayerByItselfStartsByItsOwnRule() {
        Linear linear = new Linear(4, 3, RNG).as(OUTPUT_PROJECTION);
        assertThat(linear.weight().abs().amax(0).amax(0).item()).isLessThanOrEqualTo(0.5); // 1/√4
        Sequential model = new Sequential(linear);
        new InitialWeights(1, 2, 3).start(model, RNG);
        assertThat(linear.weight().toFloatArray())
                .isEqualTo(Tensor.randn(RNG.at("0.weight"), 3, 4).mul(3).toFloatArray());
        assertThat(linear.bias().toArray()).containsOnly(0);
    }
}
