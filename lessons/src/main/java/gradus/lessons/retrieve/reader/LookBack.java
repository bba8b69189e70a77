package gradus.lessons.retrieve.reader;

import static gradus.error.ConfigException.require;

import gradus.layers.model.Qwen2;
import gradus.layers.model.config.LlamaConfig;
import gradus.tensor.Autograd;
import gradus.tensor.Tensor;
import java.util.Arrays;
import java.util.Map;

/// Heads that look back from the first step of training on: head h of the first layer attends to the token
/// `offsets[h]` places before.
///
/// What follows is copied by *induction heads*: they look for a place that stands behind the same tokens as this
/// one does. For that, each place must know which tokens stand before it, and heads that tell it are found late
/// (Olsson et al. 2022, arXiv:2209.11895, *In-context Learning and Induction Heads*: a phase change). Here they
/// are given; what is sought, and what is copied, is learned as ever.
///
/// Biases are all it takes. With rotary positions, the biases b_q of a query at m and b_k of a key at n add to
/// their score, whatever the tokens are,
///
/// `b_qᵀ·R(m − n)·b_k/√D = a²/√D · Σᵢ cos(θᵢ·(m − n − o))`
///
/// for `b_q = (a, 0)` and `b_k = a·(cos θᵢo, sin θᵢo)` in each of the first pairs i of coordinates. It is largest
/// where m − n = o. a is such that there it exceeds the next place by [#GAP]: with heads of 16 to 64 and 256
/// places, that one place has more than 0.99 of the attention. Training may change the biases as all else.
public final class LookBack {
    /// By how much the score of the place looked at exceeds that of its neighbours.
    public static final double GAP = 6;

    private static final int PAIRS = 8; // fewer come together again farther off

    private LookBack() {}

    /// Sets the biases of the first layer's heads.
    ///
    /// @param model    whose heads have their own keys
    /// @param offsets  of each head: how far it looks back, or 0 for a head without biases
    /// @throws gradus.error.ConfigException unless there is one for each head, at least 0, and heads share no keys
    public static void set(Qwen2 model, int... offsets) {
        LlamaConfig config = model.config();
        int size = config.headDim();
        require(
                offsets.length == config.heads() && config.heads() == config.kvHeads(),
                "look back: there must be an offset for each of %d heads, each with keys of its own; got %d, and %d for keys",
                config.heads(),
                offsets.length,
                config.kvHeads());
        require(
                Arrays.stream(offsets).allMatch(offset -> offset >= 0),
                "look back: no head can look ahead; got %s",
                Arrays.toString(offsets));
        double[] theta = Arrays.copyOf(config.frequencies().angles(size, config.context()), Math.min(PAIRS, size / 2));
        double fall = Arrays.stream(theta).map(each -> 1 - Math.cos(each)).sum();
        double a = Math.sqrt(GAP * Math.sqrt(size) / fall);
        float[] queries = new float[offsets.length * size];
        float[] keys = new float[queries.length];
        for (int head = 0; head < offsets.length; head++) {
            for (int i = 0; i < theta.length && offsets[head] > 0; i++) {
                int at = head * size + i; // a pair is i and i + D/2
                queries[at] = (float) a;
                keys[at] = (float) (a * Math.cos(theta[i] * offsets[head]));
                keys[at + size / 2] = (float) (a * Math.sin(theta[i] * offsets[head]));
            }
        }
        Map<String, Tensor> parameters = model.namedParameters();
        try (var pause = Autograd.noGrad()) {
            String attention = "model.layers.0.self_attn.";
            parameters.get(attention + "q_proj.bias").copyFrom(Tensor.of(queries, queries.length));
            parameters.get(attention + "k_proj.bias").copyFrom(Tensor.of(keys, keys.length));
        }
    }
}
