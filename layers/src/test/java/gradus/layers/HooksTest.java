package gradus.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import gradus.layers.Layer.Hook;
import gradus.layers.model.Bert;
import gradus.layers.model.Gpt;
import gradus.layers.model.LanguageModel;
import gradus.layers.model.Llama;
import gradus.layers.model.Mixtral;
import gradus.layers.model.config.BertConfig;
import gradus.layers.model.config.FeedForwards;
import gradus.layers.model.config.GptConfig;
import gradus.layers.model.config.LlamaConfig;
import gradus.layers.model.config.Positions;
import gradus.layers.position.Position;
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
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Layers by name, and what hooks see of them.
class HooksTest {
    private static final Rng RNG = Rng.of(31);
    private static final GptConfig GPT = new GptConfig(7, 8, 2, 2, 8, 0.1);
    private static final LlamaConfig LLAMA =
            LlamaConfig.of(8, 2, 2).withVocabSize(7).withContext(8).withHidden(12);
    private static final Indices IDS = Indices.of(new int[] {1, 2, 3, 4, 5, 6}).reshape(2, 3);

    private static List<LanguageModel> models() {
        return List.of(
                new Gpt(GPT, RNG),
                new Gpt(
                        GPT.withFeedForward(new FeedForwards.SwiGluUnits(8)).withPosition(new Positions.Rope(100)),
                        RNG),
                new Llama(LLAMA, RNG),
                new Mixtral(LLAMA, 2, 2, RNG));
    }

    /// Positions are asked in several ways, none of them `forward`; routers give a routing and no tensor.
    private static boolean hasNoForward(Layer layer) {
        return layer instanceof Position || layer instanceof gradus.layers.feedforward.Router;
    }

    @Test
    void everyLayerOfAModelCanBeLookedInto() {
        for (LanguageModel model : models()) {
            Map<String, Integer> calls = new LinkedHashMap<>();
            SequencedMap<String, Layer> layers = model.namedLayers();
            assertThat(layers.firstEntry().getValue()).isSameAs(model);
            assertThat(layers.firstEntry().getKey()).isEmpty();
            layers.forEach((name, layer) -> layer.hook(y -> {
                calls.merge(name, 1, Integer::sum);
                return y;
            }));
            model.eval();
            Tensor logits = model.forward(IDS);
            TreeSet<String> expected = new TreeSet<>();
            layers.forEach((name, layer) -> {
                if (!hasNoForward(layer)) {
                    expected.add(name);
                }
            });
            assertThat(new TreeSet<>(calls.keySet())).isEqualTo(expected);
            assertThat(logits.shape().dims()).containsExactly(2, 3, 7);
        }
    }

    @Test
    void everyLayerOfBertCanBeLookedInto() {
        Bert bert = new Bert(
                BertConfig.miniLm()
                        .withVocabSize(7)
                        .withLayers(1)
                        .withDim(8)
                        .withHeads(2)
                        .withHidden(12),
                RNG);
        List<String> calls = new ArrayList<>();
        bert.namedLayers()
                .forEach((name, layer) -> layer.hook(y -> {
                    calls.add(name);
                    return y;
                }));
        bert.eval();
        bert.pool(bert.forward(IDS, Indices.of(new int[6]).reshape(2, 3), KeyMask.full()));
        assertThat(calls)
                .contains(
                        "embeddings.word_embeddings",
                        "encoder.layer.0",
                        "encoder.layer.0.intermediate.dense",
                        "pooler.dense");
    }

    @Test
    void whatAHookReturnsGoesOn() {
        Linear linear = new Linear(3, 2, RNG).to(DType.FLOAT64);
        Tensor x = Tensor.of(new double[] {1, 2, 3}, 1, 3);
        double[] plain = linear.forward(x).toArray();
        Hook first = linear.hook(y -> y.mul(2));
        Hook second = linear.hook(y -> y.add(1));
        assertThat(linear.forward(x).toArray()).containsExactly(2 * plain[0] + 1, 2 * plain[1] + 1);
        first.close();
        assertThat(linear.forward(x).toArray()).containsExactly(plain[0] + 1, plain[1] + 1);
        first.close(); // twice is once
        second.close();
        assertThat(linear.forward(x).toArray()).containsExactly(plain);
        assertThat(linear.base(x).toArray()).containsExactly(plain);
    }

    @Test
    void gradientsGoThroughAHook() {
        Linear linear = new Linear(1, 1, false, RNG).to(DType.FLOAT64);
        try (Hook hook = linear.hook(y -> y.mul(3))) {
            linear.forward(Tensor.of(new double[] {2}, 1, 1)).sum().backward();
        }
        assertThat(linear.weight().grad().item()).isEqualTo(6);
    }

    @Test
    void aLayerByItsName() {
        Gpt gpt = new Gpt(GPT, RNG);
        assertThat(gpt.layer("h.1.attn.c_attn")).isInstanceOf(Linear.class);
        assertThat(gpt.layer("")).isSameAs(gpt);
        assertThatThrownBy(() -> gpt.layer("h.2"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("\"h.2\"");
        assertThat(gpt.namedLayers(Linear.class).keySet())
                .containsExactly(
                        "h.0.attn.c_attn",
                        "h.0.attn.c_proj",
                        "h.0.mlp.c_fc",
                        "h.0.mlp.c_proj",
                        "h.1.attn.c_attn",
                        "h.1.attn.c_proj",
                        "h.1.mlp.c_fc",
                        "h.1.mlp.c_proj");
        assertThat(gpt.namedLayers(Embedding.class).keySet()).containsExactly("wte");
    }

    @Test
    void aSharedLayerGoesByItsFirstName() {
        Linear shared = new Linear(2, 2, RNG);
        Sequential twice = new Sequential(shared, Tensor::tanh, shared);
        assertThat(twice.namedLayers(Linear.class).keySet()).containsExactly("0");
    }

    @Test
    void theTypeStays() {
        Gpt gpt = new Gpt(GPT, RNG).eval();
        Linear linear = new Linear(2, 3, RNG).to(DType.FLOAT64);
        Linear frozen = linear.freeze();
        assertThat(frozen).isSameAs(linear);
        assertThat(gpt.training()).isFalse();
    }
}
