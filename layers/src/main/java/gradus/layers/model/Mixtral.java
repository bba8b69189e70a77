package gradus.layers.model;

import gradus.layers.feedforward.MixtralRouter;
import gradus.layers.feedforward.MixtureOfExperts;
import gradus.layers.model.config.LlamaConfig;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;

/// Mixtral: a [Llama] whose blocks choose k of E feed-forward networks for every token, so that it has the
/// parameters of a large model, while a token costs as much as in a small one. Jiang et al. 2024, "Mixtral of
/// experts", arXiv:2401.04088.
public final class Mixtral extends RmsDecoder {
    private final int experts;
    private final int topK;

    /// @param experts E
    /// @param topK    k, how many of them see a token
    /// @param rng     random numbers for the initial weights, each parameter from the stream of its name
    /// @throws gradus.error.ConfigException if k is outside 1 … E
    public Mixtral(LlamaConfig config, int experts, int topK, Rng rng) {
        super(config, new Family<>(false, "block_sparse_moe", own -> mixture(config, experts, topK, own)), rng);
        this.experts = experts;
        this.topK = topK;
    }

    private static MixtureOfExperts mixture(LlamaConfig config, int experts, int topK, Rng rng) {
        MixtralRouter router = new MixtralRouter(config.dim(), experts, topK, rng.at("gate"));
        return MixtureOfExperts.of(router, config.dim(), config.hidden(), rng);
    }

    /// How many parameters a Mixtral has: those of a Llama with E feed-forward networks in every block, and a
    /// router of `E·C` in each.
    public static long parameterCount(LlamaConfig config, int experts) {
        return config.decoderParameters(experts * (3L * config.dim() * config.hidden() + config.dim()));
    }

    public int experts() {
        return experts;
    }

    public int topK() {
        return topK;
    }

    @Override
    @SuppressWarnings("unchecked") // the type of a final class is its own
    public Mixtral train() {
        return super.<Mixtral>train();
    }

    @Override
    @SuppressWarnings("unchecked")
    public Mixtral eval() {
        return super.<Mixtral>eval();
    }

    @Override
    @SuppressWarnings("unchecked")
    public Mixtral to(DType dtype) {
        return super.<Mixtral>to(dtype);
    }
}
