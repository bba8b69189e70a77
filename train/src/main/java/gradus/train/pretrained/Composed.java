package gradus.train.pretrained;

import gradus.layers.Layer;
import gradus.layers.Linear;
import gradus.layers.model.Gpt;
import gradus.layers.model.Llama;
import gradus.layers.model.Qwen2;
import gradus.layers.model.RmsDecoder;
import gradus.layers.model.config.Attentions;
import gradus.layers.model.config.FeedForwards;
import gradus.layers.model.config.GptConfig;
import gradus.layers.model.config.Head;
import gradus.layers.model.config.LlamaConfig;
import gradus.layers.model.config.Norms;
import gradus.layers.model.config.Placement;
import gradus.layers.position.Position;
import gradus.layers.position.Rope;
import gradus.layers.position.RopeFrequencies;
import gradus.tensor.Tensor;
import gradus.tensor.kernel.RopePairs;
import gradus.tensor.quant.QuantizedMatrix;
import gradus.tensor.random.Rng;
import java.util.Map;

/// A [Gpt] put together from Llama's parts is a [Llama] under other names, and with biases on queries, keys
/// and values a [Qwen2]. As these it can be told to programs that know published models only.
public final class Composed {
    private Composed() {}

    /// The published model that a model is, or the model itself. Its parameters are copies.
    public static Layer published(Layer model) {
        return model instanceof Gpt gpt && frequencies(gpt.config()) != null ? decoder(gpt) : model;
    }

    /// How fast positions rotate, or null unless the parts are Llama's.
    private static RopeFrequencies frequencies(GptConfig config) {
        boolean parts = config.attention() instanceof Attentions.GroupedQuery grouped
                && !grouped.qkNorm()
                && config.norm() instanceof Norms.Rms
                && config.feedForward() instanceof FeedForwards.SwiGluUnits
                && config.placement() == Placement.PRE;
        if (!parts) {
            return null;
        }
        Position position = config.position().create(config, Rng.of(0));
        return position instanceof Rope rope && rope.pairs() == RopePairs.HALVES ? rope.frequencies() : null;
    }

    private static RmsDecoder decoder(Gpt gpt) {
        GptConfig config = gpt.config();
        Map<String, Tensor> parameters = gpt.namedParameters();
        Map<String, Linear> linears = gpt.namedLayers(Linear.class);
        Attentions.GroupedQuery attention = (Attentions.GroupedQuery) config.attention();
        LlamaConfig same = new LlamaConfig(
                config.vocabSize(),
                config.context(),
                config.layers(),
                config.heads(),
                attention.kvHeads(),
                config.dim() / config.heads(),
                config.dim(),
                linears.get("h.0.mlp.gate_proj").out(),
                ((Norms.Rms) config.norm()).eps(),
                frequencies(config),
                config.head() == Head.TIED);
        RmsDecoder decoder = attention.qkvBias() ? new Qwen2(same, Rng.of(0)) : new Llama(same, Rng.of(0));
        decoder.namedLayers(Linear.class).forEach((name, linear) -> {
            QuantizedMatrix matrix = linears.get(composedName(name)).quantized();
            if (matrix != null) {
                linear.quantize(matrix);
            }
        });
        decoder.namedParameters().forEach((name, parameter) -> parameter.copyFrom(parameters.get(composedName(name))));
        decoder.eval();
        return decoder;
    }

    /// What a composed model calls a decoder's parameter.
    private static String composedName(String name) {
        return name.replace("model.embed_tokens", "wte")
                .replace("model.norm", "ln_f")
                .replace("model.layers", "h")
                .replace("input_layernorm", "ln_1")
                .replace("post_attention_layernorm", "ln_2")
                .replace("self_attn", "attn");
    }
}
