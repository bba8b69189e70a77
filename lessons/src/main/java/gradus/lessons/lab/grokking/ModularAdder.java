package gradus.lessons.lab.grokking;

import gradus.layers.Embedding;
import gradus.layers.Layer;
import gradus.layers.Linear;
import gradus.layers.activation.Relu;
import gradus.layers.feedforward.Mlp;
import gradus.tensor.Tensor;
import gradus.tensor.mask.KeyMask;
import gradus.tensor.op.Attention;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;

/// The transformer of Nanda et al. 2023, arXiv:2301.05217: it reads `a b =` and says the sum behind `=`. One layer,
/// attention and a ReLU network with residual sums, no norm, learned positions.
///
/// Nothing but the last place is read, so only there are the query and the network computed. There are no
/// more than 2p + 1 states, a at the first place, b at the second and `=` at the third, so keys and values are
/// computed once for each of them and not for each sum. The result is that of a whole transformer.
final class ModularAdder extends Layer {
    private static final int WIDER = 4;
    private static final int PLACES = 3;

    private final int p;
    private final int heads;
    private final Embedding tokens; // 0 to p - 1, and p for =
    private final Embedding places;
    private final Linear query;
    private final Linear key;
    private final Linear value;
    private final Linear output;
    private final Mlp mlp;
    private final Linear unembed;

    /// @param dim   C
    /// @param heads of attention
    ModularAdder(int p, int dim, int heads, Rng rng) {
        this.p = p;
        this.heads = heads;
        this.tokens = child("wte", table(p + 1, dim, rng.at("wte")));
        this.places = child("wpe", table(PLACES, dim, rng.at("wpe")));
        this.query = child("q_proj", new Linear(dim, dim, false, rng.at("q_proj")));
        this.key = child("k_proj", new Linear(dim, dim, false, rng.at("k_proj")));
        this.value = child("v_proj", new Linear(dim, dim, false, rng.at("v_proj")));
        this.output = child("o_proj", new Linear(dim, dim, false, rng.at("o_proj")));
        this.mlp = child("mlp", new Mlp(dim, WIDER * dim, new Relu(), rng.at("mlp")));
        this.unembed = child("lm_head", new Linear(dim, p, false, rng.at("lm_head")));
    }

    /// Normal numbers of the deviation `1/√C`, as in the paper: larger ones are learned by heart more easily.
    private static Embedding table(int count, int dim, Rng rng) {
        return new Embedding(Tensor.randn(rng, count, dim).div(Math.sqrt(dim)).detach());
    }

    /// The vectors of the numbers, (p, C).
    Tensor numbers() {
        return tokens.weight().slice(0, 0, p);
    }

    /// **Shapes** pairs (B, 3) → (B, p)
    ///
    /// @param pairs of each sum: a, p + b, 2p
    Tensor forward(Indices pairs) {
        int batch = pairs.shape().dim(0);
        Tensor numbers = numbers(); // (p, C)
        Tensor equals = tokens.weight().slice(0, p, p + 1); // (1, C)
        Tensor states =
                Tensor.concat(0, numbers.add(place(0)), numbers.add(place(1)), equals.add(place(2))); // (2p + 1, C)
        Tensor keys = key.forward(states).embedding(pairs); // (B, 3, C)
        Tensor values = value.forward(states).embedding(pairs); // (B, 3, C)
        Tensor last = states.embedding(pairs).slice(1, PLACES - 1, PLACES); // (B, 1, C)
        Tensor mixed = Attention.apply(query.forward(last), keys, values, heads, KeyMask.full()); // (B, 1, C)
        Tensor x = last.add(output.forward(mixed)); // (B, 1, C)
        x = x.add(mlp.forward(x)); // (B, 1, C)
        return hooked(unembed.forward(x).reshape(batch, p)); // (B, p)
    }

    private Tensor place(int i) {
        return places.weight().slice(0, i, i + 1); // (1, C)
    }
}
