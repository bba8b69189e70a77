package gradus.train.cli;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import gradus.layers.model.AttentionChoice;
import gradus.layers.model.Attentions;
import gradus.layers.model.FeedForwardChoice;
import gradus.layers.model.FeedForwards;
import gradus.layers.model.NormChoice;
import gradus.layers.model.Norms;
import gradus.layers.model.PositionChoice;
import gradus.layers.model.Positions;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.NamedType;

/// Every part that a model can be made of, by name.
final class Components {
    /// The choices of a model by the field of its configuration that they fill.
    static final Map<String, Class<?>> SLOTS = Map.of(
            "attention", AttentionChoice.class,
            "position", PositionChoice.class,
            "norm", NormChoice.class,
            "feedForward", FeedForwardChoice.class);

    private static final String ATTENTION = "attention";
    private static final String POSITION = "position";
    private static final String NORM = "norm";
    private static final String FEED_FORWARD = "feedForward";

    static final List<Component> ALL = List.of(
            new Component(
                    ATTENTION,
                    "mha",
                    new Attentions.MultiHead(),
                    "multi-head: each query head has its own keys and values",
                    "O_h = softmax(Q_h·K_hᵀ/√D)·V_h",
                    "2·T²·C (causal)",
                    "Vaswani et al. 2017, arXiv:1706.03762"),
            new Component(
                    ATTENTION,
                    "mqa",
                    new Attentions.MultiQuery(),
                    "multi-query: all query heads share one head of keys and values",
                    "O_h = softmax(Q_h·Kᵀ/√D)·V",
                    "as mha; cache 1/H",
                    "Shazeer 2019, arXiv:1911.02150"),
            new Component(
                    ATTENTION,
                    "gqa",
                    new Attentions.GroupedQuery(2),
                    "grouped-query: query heads share keys and values in groups",
                    "O_h = softmax(Q_h·K_gᵀ/√D)·V_g, g = ⌊h/(H/K)⌋",
                    "as mha; cache K/H",
                    "Ainslie et al. 2023, arXiv:2305.13245"),
            new Component(
                    POSITION,
                    "learned",
                    new Positions.Learned(),
                    "a learned row for each position",
                    "x_t ← x_t + W_P[t]",
                    "context·C parameters",
                    "Radford et al. 2019 (GPT-2)"),
            new Component(
                    POSITION,
                    "none",
                    new Positions.None(),
                    "nothing but what the mask gives away",
                    "x_t ← x_t",
                    "none",
                    "Kazemnejad et al. 2023, arXiv:2305.19466"),
            new Component(
                    NORM,
                    "layernorm",
                    new Norms.Layer(1e-5),
                    "mean 0, variance 1 along the channels",
                    "y = (x - μ)/√(σ² + ε)·g + b",
                    "8·C a position",
                    "Ba et al. 2016, arXiv:1607.06450"),
            new Component(
                    NORM,
                    "rmsnorm",
                    new Norms.Rms(1e-6),
                    "mean square 1 along the channels",
                    "y = x/√(mean(x²) + ε)·g",
                    "4·C a position",
                    "Zhang & Sennrich 2019, arXiv:1910.07467"),
            new Component(
                    NORM,
                    "batchnorm",
                    new Norms.Batch(1e-5, 0.1),
                    "mean 0, variance 1 of each channel over the batch; sees the future in training",
                    "y = (x - μ_c)/√(σ²_c + ε)·g + b",
                    "8·C a position",
                    "Ioffe & Szegedy 2015, arXiv:1502.03167"),
            new Component(
                    FEED_FORWARD,
                    "mlp",
                    new FeedForwards.Dense(FeedForwards.Function.GELU_TANH),
                    "two linear maps with an activation between",
                    "y = W₂·f(W₁·x + b₁) + b₂",
                    "16·C² a position",
                    "Vaswani et al. 2017, arXiv:1706.03762"),
            new Component(
                    FEED_FORWARD,
                    "glu",
                    new FeedForwards.GluUnits(0),
                    "hidden units gated by the sigmoid",
                    "y = W₂·(σ(W₁·x)∘W₃·x)",
                    "6·C·F a position",
                    "Shazeer 2020, arXiv:2002.05202"),
            new Component(
                    FEED_FORWARD,
                    "reglu",
                    new FeedForwards.ReGluUnits(0),
                    "hidden units gated by ReLU",
                    "y = W₂·(ReLU(W₁·x)∘W₃·x)",
                    "6·C·F a position",
                    "Shazeer 2020, arXiv:2002.05202"),
            new Component(
                    FEED_FORWARD,
                    "geglu",
                    new FeedForwards.GeGluUnits(0),
                    "hidden units gated by GELU",
                    "y = W₂·(GELU(W₁·x)∘W₃·x)",
                    "6·C·F a position",
                    "Shazeer 2020, arXiv:2002.05202"),
            new Component(
                    FEED_FORWARD,
                    "swiglu",
                    new FeedForwards.SwiGluUnits(0),
                    "hidden units gated by SiLU",
                    "y = W₂·(SiLU(W₁·x)∘W₃·x)",
                    "6·C·F a position",
                    "Shazeer 2020, arXiv:2002.05202"));

    private Components() {}

    /// Lets JSON name parts as the command line does: `{"name": "gqa", "kvHeads": 2}`. No other class can be named.
    static JsonMapper.Builder known(JsonMapper.Builder json) {
        SLOTS.values().forEach(choice -> json.addMixIn(choice, Named.class));
        ALL.forEach(component ->
                json.registerSubtypes(new NamedType(component.defaults().getClass(), component.name())));
        return json;
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "name")
    private interface Named {}

    static List<Component> of(String slot) {
        return ALL.stream().filter(component -> component.slot().equals(slot)).toList();
    }
}
