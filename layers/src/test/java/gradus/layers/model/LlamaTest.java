package gradus.layers.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.error.ShapeException;
import gradus.layers.LayerGradients;
import gradus.layers.model.config.LlamaConfig;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import java.util.Arrays;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/// [Llama], [Qwen2] and [Mixtral].
class LlamaTest {
    private static final Rng RNG = Rng.of(23);
    private static final LlamaConfig TINY = LlamaConfig.of(4, 2, 1)
            .withVocabSize(7)
            .withContext(5)
            .withKvHeads(1)
            .withHidden(3);

    private static Indices ids(int batch, int time) {
        int[] ids = new int[batch * time];
        Arrays.setAll(ids, i -> RNG.at("ids").index(i, 7));
        return Indices.of(Shape.of(batch, time), ids);
    }

    /// Weights that leave no gradient near zero by chance.
    private static <M extends RmsDecoder> M lively(M model) {
        model.namedParameters()
                .forEach((name, p) ->
                        p.copyFrom(Tensor.randn(RNG.at(name), p.shape().dims()).mul(0.5)));
        return model;
    }

    // --- sizes

    @Test
    void publishedSizesAreCountedWithoutBuilding() {
        assertThat(LlamaConfig.llama2Of7B().llamaParameters()).isEqualTo(6_738_415_616L);
        assertThat(LlamaConfig.llama2Of13B().llamaParameters()).isEqualTo(13_015_864_320L);
        assertThat(LlamaConfig.llama2Of70B().llamaParameters()).isEqualTo(68_976_648_192L);
        assertThat(LlamaConfig.llama3Of8B().llamaParameters()).isEqualTo(8_030_261_248L);
        assertThat(LlamaConfig.llama31Of8B().llamaParameters()).isEqualTo(8_030_261_248L);
        assertThat(LlamaConfig.llama3Of70B().llamaParameters()).isEqualTo(70_553_706_496L);
        assertThat(LlamaConfig.qwen2Of0_5B().qwen2Parameters()).isEqualTo(494_032_768L);
        assertThat(LlamaConfig.qwen2Of1_5B().qwen2Parameters()).isEqualTo(1_543_714_304L);
        assertThat(LlamaConfig.qwen2Of7B().qwen2Parameters()).isEqualTo(7_615_616_512L);
        assertThat(LlamaConfig.qwen2Of72B().qwen2Parameters()).isEqualTo(72_706_203_648L);
        assertThat(Mixtral.parameterCount(LlamaConfig.mixtralOf8x7B(), 8)).isEqualTo(46_702_792_704L);
    }

    @Property(tries = 200)
    void theCountIsThatOfTheModel(
            @ForAll @IntRange(min = 1, max = 9) int vocabSize,
            @ForAll @IntRange(min = 1, max = 2) int layers,
            @ForAll @IntRange(min = 1, max = 3) int kvHeads,
            @ForAll @IntRange(min = 1, max = 2) int group,
            @ForAll @IntRange(min = 1, max = 5) int dim,
            @ForAll boolean tied) {
        LlamaConfig config = TINY.withVocabSize(vocabSize)
                .withLayers(layers)
                .withHeads(group * kvHeads)
                .withKvHeads(kvHeads)
                .withDim(dim)
                .withTied(tied);
        assertThat(new Llama(config, RNG).parameterCount()).isEqualTo(config.llamaParameters());
        assertThat(new Qwen2(config, RNG).parameterCount()).isEqualTo(config.qwen2Parameters());
        assertThat(new Mixtral(config, 3, 2, RNG).parameterCount()).isEqualTo(Mixtral.parameterCount(config, 3));
    }

    @Test
    void parametersGoByTheNamesOfHuggingFace() {
        assertThat(new Llama(TINY, RNG).namedParameters().keySet())
                .containsExactlyInAnyOrder(
                        "model.embed_tokens.weight",
                        "model.layers.0.input_layernorm.weight",
                        "model.layers.0.self_attn.q_proj.weight",
                        "model.layers.0.self_attn.k_proj.weight",
                        "model.layers.0.self_attn.v_proj.weight",
                        "model.layers.0.self_attn.o_proj.weight",
                        "model.layers.0.post_attention_layernorm.weight",
                        "model.layers.0.mlp.gate_proj.weight",
                        "model.layers.0.mlp.up_proj.weight",
                        "model.layers.0.mlp.down_proj.weight",
                        "model.norm.weight",
                        "lm_head.weight");
        assertThat(new Qwen2(TINY.withTied(true), RNG).namedParameters().keySet())
                .contains("model.layers.0.self_attn.v_proj.bias")
                .doesNotContain("lm_head.weight", "model.layers.0.self_attn.o_proj.bias");
        assertThat(new Mixtral(TINY, 2, 1, RNG).namedParameters().keySet())
                .contains(
                        "model.layers.0.block_sparse_moe.gate.weight",
                        "model.layers.0.block_sparse_moe.experts.1.w2.weight");
    }

    // --- the mathematics

    /// The whole of [Qwen2] again in plain arrays, one sequence: with biases at zero it is [Llama].
    private static double[][] oracle(RmsDecoder model, int[] ids) {
        Map<String, Tensor> p = model.namedParameters();
        LlamaConfig config = model.config();
        double[][] x = new double[ids.length][];
        for (int t = 0; t < ids.length; t++) {
            x[t] = row(p.get("model.embed_tokens.weight"), ids[t]);
        }
        for (int layer = 0; layer < config.layers(); layer++) {
            String at = "model.layers." + layer + ".";
            double[][] mixed = attention(config, x, p, at);
            for (int t = 0; t < x.length; t++) {
                x[t] = sum(x[t], linear(mixed[t], p, at + "self_attn.o_proj"));
                double[] y = norm(x[t], p.get(at + "post_attention_layernorm.weight"), config.eps());
                double[] gate = linear(y, p, at + "mlp.gate_proj");
                double[] up = linear(y, p, at + "mlp.up_proj");
                for (int f = 0; f < gate.length; f++) {
                    up[f] *= gate[f] / (1 + Math.exp(-gate[f]));
                }
                x[t] = sum(x[t], linear(up, p, at + "mlp.down_proj"));
            }
        }
        for (int t = 0; t < x.length; t++) {
            x[t] = norm(x[t], p.get("model.norm.weight"), config.eps());
            x[t] = linear(x[t], p, config.tied() ? "model.embed_tokens" : "lm_head");
        }
        return x;
    }

    private static double[][] attention(LlamaConfig config, double[][] x, Map<String, Tensor> p, String at) {
        int size = config.headDim();
        int time = x.length;
        double[][] q = new double[time][];
        double[][] k = new double[time][];
        double[][] v = new double[time][];
        for (int t = 0; t < time; t++) {
            double[] y = norm(x[t], p.get(at + "input_layernorm.weight"), config.eps());
            q[t] = rotated(linear(y, p, at + "self_attn.q_proj"), size, t);
            k[t] = rotated(linear(y, p, at + "self_attn.k_proj"), size, t);
            v[t] = linear(y, p, at + "self_attn.v_proj");
        }
        double[][] mixed = new double[time][config.heads() * size];
        for (int t = 0; t < time; t++) {
            for (int h = 0; h < config.heads(); h++) {
                int g = h / (config.heads() / config.kvHeads());
                double[] weight = new double[t + 1];
                double total = 0;
                for (int s = 0; s <= t; s++) {
                    for (int d = 0; d < size; d++) {
                        weight[s] += q[t][h * size + d] * k[s][g * size + d];
                    }
                    weight[s] = Math.exp(weight[s] / Math.sqrt(size));
                    total += weight[s];
                }
                for (int s = 0; s <= t; s++) {
                    for (int d = 0; d < size; d++) {
                        mixed[t][h * size + d] += weight[s] / total * v[s][g * size + d];
                    }
                }
            }
        }
        return mixed;
    }

    /// The rotary embedding on halves of each head, base 10,000.
    private static double[] rotated(double[] x, int size, int position) {
        double[] y = x.clone();
        for (int h = 0; h < x.length; h += size) {
            for (int i = 0; i < size / 2; i++) {
                double angle = position * Math.pow(10_000, -2.0 * i / size);
                double a = x[h + i];
                double b = x[h + i + size / 2];
                y[h + i] = a * Math.cos(angle) - b * Math.sin(angle);
                y[h + i + size / 2] = a * Math.sin(angle) + b * Math.cos(angle);
            }
        }
        return y;
    }

    private static double[] row(Tensor table, int row) {
        double[] x = new double[table.dim(1)];
        Arrays.setAll(x, c -> table.get(row, c));
        return x;
    }

    private static double[] linear(double[] x, Map<String, Tensor> p, String name) {
        Tensor weight = p.get(name + ".weight");
        Tensor bias = p.get(name + ".bias");
        double[] y = new double[weight.dim(0)];
        for (int o = 0; o < y.length; o++) {
            y[o] = bias == null ? 0 : bias.get(o);
            for (int i = 0; i < x.length; i++) {
                y[o] += weight.get(o, i) * x[i];
            }
        }
        return y;
    }

    private static double[] norm(double[] x, Tensor gain, double eps) {
        double square = Arrays.stream(x).map(v -> v * v).average().orElseThrow();
        double[] y = new double[x.length];
        Arrays.setAll(y, c -> x[c] / Math.sqrt(square + eps) * gain.get(c));
        return y;
    }

    private static double[] sum(double[] a, double[] b) {
        double[] y = new double[a.length];
        Arrays.setAll(y, i -> a[i] + b[i]);
        return y;
    }

    @Test
    void isWhatTheLoopsSay() {
        LlamaConfig two = TINY.withLayers(2);
        for (RmsDecoder model : new RmsDecoder[] {
            new Llama(two, RNG), new Qwen2(two.withTied(true), RNG), new Qwen2(two.withHeadDim(6), RNG)
        }) {
            lively(model).to(DType.FLOAT64);
            Indices ids = ids(2, 4);
            Tensor logits = model.forward(ids); // (B, T, V)
            for (int b = 0; b < 2; b++) {
                double[][] expected = oracle(model, Arrays.copyOfRange(ids.values(), 4 * b, 4 * b + 4));
                for (int t = 0; t < 4; t++) {
                    for (int v = 0; v < 7; v++) {
                        assertThat(logits.get(b, t, v)).isCloseTo(expected[t][v], within(1e-9)); // sums of a few terms
                    }
                }
                assertThat(model.lastLogits(ids).get(b, 0)).isCloseTo(expected[3][0], within(1e-9));
            }
        }
    }

    @Test
    void aMixtureOfOneIsThatOne() {
        Mixtral mixtral = lively(new Mixtral(TINY, 1, 1, RNG));
        Llama llama = new Llama(TINY, RNG);
        llama.namedParameters()
                .forEach((name, p) -> p.copyFrom(mixtral.namedParameters()
                        .get(name.replace("mlp.gate_proj", "block_sparse_moe.experts.0.w1")
                                .replace("mlp.up_proj", "block_sparse_moe.experts.0.w3")
                                .replace("mlp.down_proj", "block_sparse_moe.experts.0.w2"))));
        double[] expected = llama.forward(ids(2, 4)).toArray();
        double[] actual = mixtral.forward(ids(2, 4)).toArray();
        for (int i = 0; i < expected.length; i++) {
            assertThat(actual[i]).isCloseTo(expected[i], within(1e-5)); // float32
        }
    }

    @Test
    void gradientsAreRight() {
        Indices targets = ids(2, 3);
        for (RmsDecoder model : new RmsDecoder[] {
            lively(new Llama(TINY, RNG)),
            lively(new Qwen2(TINY.withTied(true), RNG)),
            lively(new Mixtral(TINY, 2, 2, RNG))
        }) {
            LayerGradients.requireRight(
                    model, Map.of(), () -> model.forward(ids(2, 3)).crossEntropy(targets));
        }
    }

    // --- bad input

    @Test
    void badConfigurations() {
        refused(() -> LlamaConfig.of(5, 2, 1), "dim=5, heads=2"); // BAD-INPUT 21
        refused(() -> TINY.withHeads(3).withKvHeads(2).validate(), "heads=3, kvHeads=2"); // BAD-INPUT 22
        refused(() -> TINY.withHeadDim(3), "headDim must be even"); // BAD-INPUT 23
        refused(() -> TINY.withLayers(0), "layers"); // BAD-INPUT 24
        refused(() -> TINY.withEps(0), "eps"); // BAD-INPUT 26
        refused(() -> new Mixtral(TINY, 2, 3, RNG), "3"); // BAD-INPUT 27
        refused(() -> TINY.withHidden(0), "hidden");
        refused(() -> TINY.withVocabSize(0), "vocabSize");
        refused(() -> TINY.withContext(0), "context");
        refused(() -> TINY.withDim(0), "dim");
        refused(() -> TINY.withKvHeads(0), "kvHeads");
        refused(() -> TINY.withHeads(0), "heads");
        refused(() -> TINY.withFrequencies(null), "frequencies");
    }

    @Test
    void badSequences() {
        Llama llama = new Llama(TINY, RNG);
        refused(() -> llama.forward(ids(1, 6)), "6 tokens"); // BAD-INPUT 34
        refused(() -> llama.forward(Indices.of(1, 2)), "(B, T)");
        Indices wide = Indices.of(Shape.of(1, 1), new int[] {7});
        assertThatThrownBy(() -> llama.forward(wide)).isInstanceOf(ShapeException.class);
    }

    private static void refused(ThrowingCallable call, String part) {
        assertThatThrownBy(call).isInstanceOf(ConfigException.class).hasMessageContaining(part);
    }
}
