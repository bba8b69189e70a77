package gradus.train.run;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import gradus.layers.model.config.AttentionChoice;
import gradus.layers.model.config.Attentions;
import gradus.layers.model.config.FeedForwardChoice;
import gradus.layers.model.config.FeedForwards;
import gradus.layers.model.config.NormChoice;
import gradus.layers.model.config.Norms;
import gradus.layers.model.config.PositionChoice;
import gradus.layers.model.config.Positions;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.NamedType;

/// Every part that a model can be made of, by name.
public final class Components {
    /// The choices of a model by the field of its configuration that they fill.
    public static final Map<String, Class<?>> SLOTS = Map.of(
            "attention", AttentionChoice.class,
            "position", PositionChoice.class,
            "norm", NormChoice.class,
            "feedForward", FeedForwardChoice.class);

    private static final String ATTENTION = "attention";
    private static final String POSITION = "position";
    private static final String NORM = "norm";
    private static final String FEED_FORWARD = "feedForward";

    public static final List<Component> ALL = List.of(
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
                    ATTENTION,
                    "window",
                    new Attentions.SlidingWindow(32, 0),
                    "sliding window: the last W keys",
                    "i sees j iff i - W < j ≤ i",
                    "4·T·W·C",
                    "Child et al. 2019, arXiv:1904.10509; Jiang et al. 2023, arXiv:2310.06825"),
            new Component(
                    ATTENTION,
                    "strided",
                    new Attentions.Strided(8),
                    "Sparse Transformer: half of the heads near, half every l-th key",
                    "i - j < l, or (i - j) mod l = 0",
                    "about 4·T·√T·C at l = √T",
                    "Child et al. 2019, arXiv:1904.10509"),
            new Component(
                    ATTENTION,
                    "fixed",
                    new Attentions.Fixed(8, 2, 0),
                    "Sparse Transformer: the own block, and the end of each earlier one",
                    "⌊i/l⌋ = ⌊j/l⌋, or j mod l ≥ l - c",
                    "4·T·(l + c·T/l)·C",
                    "Child et al. 2019, arXiv:1904.10509"),
            new Component(
                    ATTENTION,
                    "bigbird",
                    new Attentions.BigBird(8, 1, 0),
                    "blocks: neighbours, the first, and random ones",
                    "block i sees i - 1, i, the first, and r random ones before",
                    "4·T·(3 + r)·b·C",
                    "Zaheer et al. 2020, arXiv:2007.14062"),
            new Component(
                    ATTENTION,
                    "longformer",
                    new Attentions.Longformer(16, 0),
                    "sliding window, and the first position for all",
                    "i - w ≤ j ≤ i, or j = 0",
                    "4·T·w·C",
                    "Beltagy et al. 2020, arXiv:2004.05150"),
            new Component(
                    ATTENTION,
                    "s2",
                    new Attentions.ShiftedSparse(16, 0),
                    "shifted sparse (LongLoRA): groups, shifted by half for half of the heads",
                    "⌊i/G⌋ = ⌊j/G⌋, or ⌊i/G + ½⌋ = ⌊j/G + ½⌋",
                    "2·T·G·C",
                    "Chen et al. 2023, arXiv:2309.12307"),
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
                    POSITION,
                    "sinusoidal",
                    new Positions.Sinusoidal(),
                    "fixed waves added to the embeddings",
                    "PE[t, 2i] = sin(t·θᵢ), PE[t, 2i+1] = cos(t·θᵢ)",
                    "C a position",
                    "Vaswani et al. 2017, arXiv:1706.03762"),
            new Component(
                    POSITION,
                    "alibi",
                    new Positions.Alibi(),
                    "logits fall with the distance, at a slope for each head",
                    "logit(i, j) += -m_h·(i - j)",
                    "one addition a logit",
                    "Press et al. 2021, arXiv:2108.12409"),
            new Component(
                    POSITION,
                    "t5",
                    new Positions.T5(),
                    "a learned bias for each bucket of distances",
                    "logit(i, j) += W[bucket(i - j), h]",
                    "one addition a logit; 32·H parameters",
                    "Raffel et al. 2020, arXiv:1910.10683"),
            new Component(
                    POSITION,
                    "rope",
                    new Positions.Rope(10_000),
                    "queries and keys rotated by their positions",
                    "pair i rotated by t·θᵢ, θᵢ = theta^(-2i/D)",
                    "6·C a position",
                    "Su et al. 2021, arXiv:2104.09864"),
            new Component(
                    POSITION,
                    "rope-interleaved",
                    new Positions.InterleavedRope(10_000),
                    "rope with its pairs side by side",
                    "as rope; pairs (2i, 2i+1) instead of (i, i + D/2)",
                    "6·C a position",
                    "Su et al. 2021, arXiv:2104.09864"),
            new Component(
                    POSITION,
                    "pi",
                    new Positions.Interpolated(10_000, 2),
                    "rope with positions squeezed into the trained range",
                    "θᵢ ← θᵢ/s",
                    "6·C a position",
                    "Chen et al. 2023, arXiv:2306.15595"),
            new Component(
                    POSITION,
                    "ntk",
                    new Positions.NtkAware(10_000, 2),
                    "rope with a larger base: only slow pairs are squeezed",
                    "theta ← theta·s^(D/(D-2))",
                    "6·C a position",
                    "bloc97 2023; Peng et al. 2023, arXiv:2309.00071"),
            new Component(
                    POSITION,
                    "dynamic-ntk",
                    new Positions.DynamicNtk(10_000, 2, 0),
                    "ntk that begins beyond the trained length",
                    "theta ← theta·(s·n/L - (s - 1))^(D/(D-2)) for n > L",
                    "6·C a position",
                    "emozilla 2023; Peng et al. 2023, arXiv:2309.00071"),
            new Component(
                    POSITION,
                    "yarn",
                    new Positions.Yarn(10_000, 2, 0),
                    "rope by parts, with a sharper softmax",
                    "θᵢ ← r·θᵢ/s + (1 - r)·θᵢ; logits·(0.1·ln s + 1)²",
                    "6·C a position",
                    "Peng et al. 2023, arXiv:2309.00071"),
            new Component(
                    POSITION,
                    "llama3",
                    new Positions.Llama3(500_000, 8, 0),
                    "rope by parts, as Llama 3.1 has it",
                    "θᵢ/s for waves longer than L, θᵢ below L/4, mixed between",
                    "6·C a position",
                    "Llama team 2024, arXiv:2407.21783"),
            new Component(
                    POSITION,
                    "longrope",
                    new Positions.LongRope(10_000, 2, 0),
                    "rope with a divisor for each pair beyond the trained length",
                    "θᵢ ← θᵢ/λᵢ for n > L; logits·(1 + ln s/ln L)",
                    "6·C a position",
                    "Ding et al. 2024, arXiv:2402.13753"),
            new Component(
                    POSITION,
                    "dca",
                    new Positions.DualChunk(10_000, 32, 48),
                    "rope in chunks (dual chunk attention): no distance above c",
                    "distance i - j within a chunk and near it, below c beyond",
                    "6·C a position",
                    "An et al. 2024, arXiv:2402.17463"),
            new Component(
                    POSITION,
                    "shaw",
                    new Positions.Shaw(16),
                    "learned vectors for distances, added to keys and values",
                    "logit = q_i·(k_j + a_{j-i})/√D; z_i = Σ α_ij·(v_j + b_{j-i})",
                    "T²·C, in the open",
                    "Shaw et al. 2018, arXiv:1803.02155"),
            new Component(
                    POSITION,
                    "transformer-xl",
                    new Positions.TransformerXl(),
                    "sinusoids of the distance, projected, against content and a bias",
                    "logit = ((q_i + u)·k_j + (q_i + v)·W_r·R_{i-j})/√D",
                    "T²·C, in the open",
                    "Dai et al. 2019, arXiv:1901.02860"),
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
                    "Shazeer 2020, arXiv:2002.05202"),
            new Component(
                    FEED_FORWARD,
                    "mixtral",
                    new FeedForwards.Mixtral(4, 2, 0, 0.01),
                    "experts: the best few of each token, weighted among themselves",
                    "y = Σ_{e ∈ top k} softmax(top k)_e·FFN_e(x)",
                    "k experts a position",
                    "Jiang et al. 2024, arXiv:2401.04088"),
            new Component(
                    FEED_FORWARD,
                    "switch",
                    new FeedForwards.Switch(4, 1.25, 0, 0.01),
                    "experts: the best one of each token, dropped beyond its capacity",
                    "y = p_e·FFN_e(x), e = argmax p",
                    "1 expert a position",
                    "Fedus et al. 2021, arXiv:2101.03961"),
            new Component(
                    FEED_FORWARD,
                    "deepseek",
                    new FeedForwards.Balanced(4, 2, 0, 0.001),
                    "experts: balanced by a bias on the choice, and one that all share",
                    "y = FFN_s(x) + Σ_{e ∈ top k of s + b} s_e/Σs·FFN_e(x)",
                    "k + 1 experts a position",
                    "DeepSeek-AI 2024, arXiv:2412.19437; Wang et al. 2024, arXiv:2408.15664"));

    private Components() {}

    /// Lets JSON name parts as the command line does: `{"name": "gqa", "kvHeads": 2}`. No other class can be named.
    public static JsonMapper.Builder known(JsonMapper.Builder json) {
        SLOTS.values().forEach(choice -> json.addMixIn(choice, Named.class));
        ALL.forEach(component ->
                json.registerSubtypes(new NamedType(component.defaults().getClass(), component.name())));
        return json;
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "name")
    private interface Named {}

    public static List<Component> of(String slot) {
        return ALL.stream().filter(component -> component.slot().equals(slot)).toList();
    }
}
