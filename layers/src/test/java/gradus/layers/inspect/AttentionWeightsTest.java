package gradus.layers.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.error.ShapeException;
import gradus.layers.Layer;
import gradus.layers.Layer.Hook;
import gradus.layers.Linear;
import gradus.layers.attention.ScaledDotProductAttention;
import gradus.layers.model.Bert;
import gradus.layers.model.Gpt;
import gradus.layers.model.Llama;
import gradus.layers.model.config.AttentionChoice;
import gradus.layers.model.config.Attentions;
import gradus.layers.model.config.BertConfig;
import gradus.layers.model.config.GptConfig;
import gradus.layers.model.config.LlamaConfig;
import gradus.layers.model.config.PositionChoice;
import gradus.layers.model.config.Positions;
import gradus.tensor.Tensor;
import gradus.tensor.mask.KeyMask;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import gradus.tensor.type.Indices;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;

class AttentionWeightsTest {
    private static final Rng RNG = Rng.of(5);
    private static final int TIME = 9;
    private static final int HEADS = 4;
    private static final int DIM = 16; // four channels a head: three passes for nine positions
    private static final GptConfig BASE = new GptConfig(11, 12, 2, HEADS, DIM, 0);
    private static final Indices IDS =
            Indices.of(new int[] {1, 7, 3, 3, 0, 10, 2, 5, 8}).reshape(1, TIME);

    /// Weights, values and results are looked at as floats, each rounded by at most 6e-8 of itself, and weights
    /// sum to 1: `Σ P·V` is off by less than three times that of the largest value.
    private static final double ROUNDING = 2e-7;

    private static final List<AttentionChoice> ATTENTIONS = List.of(
            new Attentions.MultiHead(),
            new Attentions.MultiQuery(),
            new Attentions.GroupedQuery(2, true, true),
            new Attentions.SlidingWindow(3, 1),
            new Attentions.Strided(3),
            new Attentions.Fixed(4, 1, 0),
            new Attentions.BigBird(2, 1, 0),
            new Attentions.Longformer(2, 1),
            new Attentions.ShiftedSparse(4, 0));

    private static final List<PositionChoice> POSITIONS = List.of(
            new Positions.Learned(),
            new Positions.None(),
            new Positions.Sinusoidal(),
            new Positions.Alibi(),
            new Positions.T5(),
            new Positions.Rope(100),
            new Positions.InterleavedRope(100),
            new Positions.Interpolated(100, 2),
            new Positions.DynamicNtk(100, 2, 3),
            new Positions.Yarn(100, 2, 0),
            new Positions.LongRope(100, 2, 3),
            new Positions.DualChunk(100, 3, 5),
            new Positions.TransformerXl());

    /// What a normal pass puts into the output projections, and the values that it has.
    private record Pass(Map<String, float[]> values, Map<String, float[]> mixed) {
        static Pass of(Layer model, String values, String output, Runnable forward) {
            Pass pass = new Pass(new LinkedHashMap<>(), new LinkedHashMap<>());
            List<Hook> hooks = new ArrayList<>();
            model.namedLayers(Linear.class).forEach((name, linear) -> {
                if (name.endsWith("." + values)) {
                    hooks.add(linear.hook(v -> {
                        int width = values.equals("c_attn") ? v.dim(2) / 3 : v.dim(2);
                        Tensor own = v.slice(2, v.dim(2) - width, v.dim(2)); // (1, T, K·D)
                        pass.values.put(name.replace("." + values, ""), own.toFloatArray());
                        return v;
                    }));
                } else if (name.endsWith("." + output)) {
                    hooks.add(linear.hookInput(x -> {
                        pass.mixed.put(name.replace("." + output, ""), x.toFloatArray());
                        return x;
                    }));
                }
            });
            forward.run();
            hooks.forEach(Hook::close);
            return pass;
        }

        /// `O = P·V`, for every query, head and channel.
        void assertMixedBy(SequencedMap<String, float[][][]> weights) {
            assertThat(weights).isNotEmpty();
            weights.forEach((name, p) -> {
                float[] v = values.get(name);
                float[] out = mixed.get(name);
                int heads = p.length;
                int headDim = DIM / heads;
                int kvHeads = v.length / TIME / headDim;
                double largest = 1;
                for (float each : v) {
                    largest = Math.max(largest, Math.abs(each));
                }
                double off = 0; // of a row's sum from 1
                double apart = 0; // the mixed values from the true ones
                for (int h = 0; h < heads; h++) {
                    int kv = h / (heads / kvHeads);
                    for (int t = 0; t < TIME; t++) {
                        double sum = 0;
                        for (int s = 0; s < TIME; s++) {
                            sum += p[h][t][s];
                        }
                        off = Math.max(off, Math.abs(sum - 1));
                        for (int d = 0; d < headDim; d++) {
                            double o = 0;
                            for (int s = 0; s < TIME; s++) {
                                o += p[h][t][s] * v[(s * kvHeads + kv) * headDim + d];
                            }
                            apart = Math.max(apart, Math.abs(o - out[(t * heads + h) * headDim + d]));
                        }
                    }
                }
                assertThat(off).as(name).isLessThan(TIME * ROUNDING);
                assertThat(apart).as(name).isLessThan(ROUNDING * largest);
            });
        }
    }

    @Test
    void theWeightsOfEveryAttentionMixItsValues() {
        int models = 0; // the first attention with all positions, the others with all kinds of them
        for (AttentionChoice attention : ATTENTIONS) {
            for (PositionChoice position :
                    POSITIONS.subList(0, attention == ATTENTIONS.getFirst() ? POSITIONS.size() : 6)) {
                Gpt gpt;
                try {
                    gpt = new Gpt(BASE.withAttention(attention).withPosition(position), RNG).eval();
                    gpt.forward(IDS);
                } catch (ConfigException | ShapeException notTogether) {
                    continue;
                }
                models++;
                Gpt model = gpt.to(DType.FLOAT64);
                model.namedParameters().values().forEach(weight -> weight.copyFrom(weight.mul(20))); // far from even
                boolean joint = model.namedLayers().keySet().stream().anyMatch(name -> name.endsWith("c_attn"));
                boolean separate = model.namedLayers().keySet().stream().anyMatch(name -> name.endsWith("v_proj"));
                String values = joint ? "c_attn" : separate ? "v_proj" : "value";
                String output = joint ? "c_proj" : separate ? "o_proj" : "dense";
                double[] before = model.forward(IDS).toArray();
                var weights = AttentionWeights.of(model, HEADS, () -> model.forward(IDS));
                assertThat(weights.keySet()).containsExactly("h.0.attn", "h.1.attn");
                Pass pass = Pass.of(model, values, output, () -> model.forward(IDS));
                pass.mixed.keySet().retainAll(weights.keySet()); // an MLP has a c_proj too
                pass.assertMixedBy(weights);
                assertThat(model.forward(IDS).toArray()).as("afterwards").isEqualTo(before);
            }
        }
        assertThat(models).isGreaterThan(40);
    }

    /// Shaw's positions add a term of their own to the result, which is none of the weights.
    @Test
    void whatAPositionAddsIsNoWeight() {
        Gpt gpt = new Gpt(BASE.withPosition(new Positions.Shaw(3)), RNG).eval();
        AttentionWeights.of(gpt, HEADS, () -> gpt.forward(IDS)).values().forEach(p -> {
            for (float[][] head : p) {
                for (int t = 0; t < TIME; t++) {
                    double sum = 0;
                    for (int s = 0; s < TIME; s++) {
                        assertThat(head[t][s]).isBetween(s > t ? -1e-6f : 0f, s > t ? 1e-6f : 1f);
                        sum += head[t][s];
                    }
                    assertThat(sum).isEqualTo(1, within(1e-5));
                }
            }
        });
    }

    /// The same as the attention that keeps its weights.
    @Test
    void plainAttentionHasTheWeightsOfTheFormula() {
        Gpt gpt = new Gpt(BASE, RNG).eval();
        Tensor[] qkv = new Tensor[1];
        try (var hook = gpt.layer("h.1.attn.c_attn").hook(y -> qkv[0] = y)) {
            gpt.forward(IDS);
        }
        double[] expected = new ScaledDotProductAttention(HEADS, KeyMask.causal())
                .apply(qkv[0].slice(2, 0, DIM), qkv[0].slice(2, DIM, 2 * DIM), qkv[0].slice(2, 2 * DIM, 3 * DIM))
                .weights()
                .toArray(); // (1, H, T, T)
        float[][][] p = AttentionWeights.of(gpt, HEADS, () -> gpt.forward(IDS)).get("h.1.attn");
        for (int i = 0; i < expected.length; i++) {
            assertThat(p[i / TIME / TIME][i / TIME % TIME][i % TIME]).isEqualTo((float) expected[i], within(1e-6f));
        }
    }

    @Test
    void anEncoderLooksBothWays() {
        BertConfig config = BertConfig.miniLm()
                .withVocabSize(11)
                .withContext(12)
                .withLayers(2)
                .withHeads(HEADS)
                .withDim(DIM)
                .withHidden(24);
        Bert bert = new Bert(config, RNG).eval();
        Indices segments = Indices.of(new int[TIME]).reshape(1, TIME);
        Runnable forward = () -> bert.forward(IDS, segments, KeyMask.full());
        var weights = AttentionWeights.of(bert, HEADS, forward);
        assertThat(weights).hasSize(2);
        assertThat(weights.firstEntry().getValue()[0][0][TIME - 1]).isPositive();
        Bert exact = bert.to(DType.FLOAT64);
        Pass.of(exact, "attention.self.value", "attention.output.dense", forward)
                .assertMixedBy(AttentionWeights.of(exact, HEADS, forward));
    }

    @Test
    void aLlamaSharesItsValues() {
        LlamaConfig config = LlamaConfig.of(DIM, HEADS, 2)
                .withVocabSize(11)
                .withContext(12)
                .withHidden(24)
                .withKvHeads(2);
        Llama llama = new Llama(config, RNG).eval();
        Llama exact = llama.to(DType.FLOAT64);
        Runnable forward = () -> exact.forward(IDS);
        var weights = AttentionWeights.of(exact, HEADS, forward);
        assertThat(weights.keySet()).containsExactly("model.layers.0.self_attn", "model.layers.1.self_attn");
        Pass.of(exact, "v_proj", "o_proj", forward).assertMixedBy(weights);
    }

    @Test
    void whatHasNoAttentionIsRefused() {
        Linear alone = new Linear(3, 3, RNG);
        assertThatThrownBy(() -> AttentionWeights.of(alone, 1, () -> {}))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("Linear has no attention");
        Gpt gpt = new Gpt(BASE, RNG).eval();
        Indices two = Indices.of(new int[4]).reshape(2, 2);
        assertThatThrownBy(() -> AttentionWeights.of(gpt, HEADS, () -> gpt.forward(two)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("one sequence; got 2");
        assertThat(gpt.namedLayers().values()).noneMatch(Layer::isHooked);
    }
}
