package gradus.layers.model.prompt;

import gradus.layers.model.Gpt;
import gradus.layers.model.LanguageModel;
import gradus.layers.model.Llama;
import gradus.layers.model.Mixtral;
import gradus.layers.model.Qwen2;
import gradus.layers.model.config.Attentions;
import gradus.layers.model.config.GptConfig;
import gradus.layers.model.config.LlamaConfig;
import gradus.layers.model.config.Positions;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// Small decoders of every kind, with weights large enough to tell tokens apart.
final class SoftPromptSamples {
    static final int VOCAB = 7;
    static final int CONTEXT = 12;
    private static final GptConfig GPT = new GptConfig(VOCAB, CONTEXT, 2, 2, 8, 0);
    private static final LlamaConfig LLAMA = LlamaConfig.of(8, 4, 2)
            .withKvHeads(2)
            .withHidden(12)
            .withVocabSize(VOCAB)
            .withContext(CONTEXT);

    /// Llama, Qwen2 and Mixtral have two key heads for four heads.
    static final Map<String, Function<Rng, LanguageModel>> KINDS = new LinkedHashMap<>();

    static {
        KINDS.put("gpt2", rng -> new Gpt(GPT, rng));
        KINDS.put("none", rng -> new Gpt(GPT.withPosition(new Positions.None()), rng));
        KINDS.put("alibi", rng -> new Gpt(GPT.withPosition(new Positions.Alibi()), rng));
        KINDS.put("sinusoidal", rng -> new Gpt(GPT.withPosition(new Positions.Sinusoidal()), rng));
        KINDS.put("shaw", rng -> new Gpt(GPT.withPosition(new Positions.Shaw(3)), rng));
        KINDS.put("rope", rng -> new Gpt(GPT.withPosition(new Positions.Rope(100)), rng));
        KINDS.put("multi-query", rng -> new Gpt(GPT.withAttention(new Attentions.MultiQuery()), rng));
        KINDS.put("mixtral", rng -> new Mixtral(LLAMA, 3, 2, rng));
        KINDS.put("llama", rng -> new Llama(LLAMA, rng));
        KINDS.put("qwen2", rng -> new Qwen2(LLAMA, rng));
    }

    private SoftPromptSamples() {}

    /// A kind of decoder and its type of numbers.
    record Kind(String name, DType dtype) {
        LanguageModel model(long seed) {
            return SoftPromptSamples.model(name, dtype, seed);
        }

        /// Logits below 100, computed by the same sums, some in another order: 2¹⁷ roundings.
        double rounding() {
            return dtype == DType.FLOAT64 ? 0x1p-36 : 0x1p-7;
        }
    }

    /// Each decoder, eleven times of twelve in float32, which costs a tenth, and once in float64, which hears the
    /// smallest fault. Mixtral always in float64, half as often: where two of its experts are nearly as good,
    /// rounding decides.
    static List<Kind> kinds() {
        List<Kind> kinds = new ArrayList<>();
        for (String name : KINDS.keySet()) {
            boolean jumps = name.equals("mixtral");
            for (int i = 0; i < (jumps ? 6 : 12); i++) {
                kinds.add(new Kind(name, i == 5 || jumps ? DType.FLOAT64 : DType.FLOAT32));
            }
        }
        return kinds;
    }

    static LanguageModel model(String name, long seed) {
        return model(name, DType.FLOAT64, seed);
    }

    private static LanguageModel model(String name, DType dtype, long seed) {
        Rng rng = Rng.of(seed).at(name);
        try (var scope = Scope.open()) {
            LanguageModel model = KINDS.get(name).apply(rng);
            model.namedParameters()
                    .forEach((each, parameter) ->
                            parameter.copyFrom(parameter.detach().add(normal(rng.at(each), 0.3, parameter.shape()))));
            model.to(dtype);
            return model.eval();
        }
    }

    private static Tensor normal(Rng rng, double size, Shape shape) {
        return Tensor.randn(rng, shape.dims()).mul(size);
    }

    /// **Shapes** → (count, width)
    static Tensor rows(Rng rng, int count, int width) {
        return normal(rng, 1, Shape.of(count, width));
    }

    /// **Shapes** → (batch, time)
    static Indices ids(Rng rng, int batch, int time) {
        int[] ids = new int[batch * time];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = rng.index(i, VOCAB);
        }
        return Indices.of(Shape.of(batch, time), ids);
    }

    static Tensor quietly(LanguageModel model, Indices ids) {
        try (var pause = Autograd.noGrad();
                var scope = Scope.open()) {
            return model.forward(ids).keep();
        }
    }

    /// Every row of some ids behind the same text.
    static Indices behind(int[] text, Indices ids) {
        int batch = ids.shape().dim(0);
        int time = ids.shape().dim(1);
        int[] all = new int[batch * (text.length + time)];
        for (int b = 0; b < batch; b++) {
            System.arraycopy(text, 0, all, b * (text.length + time), text.length);
            System.arraycopy(ids.values(), b * time, all, b * (text.length + time) + text.length, time);
        }
        return Indices.of(Shape.of(batch, text.length + time), all);
    }
}
