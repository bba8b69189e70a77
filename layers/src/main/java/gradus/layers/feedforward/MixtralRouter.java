package gradus.layers.feedforward;

import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;

/// Each token goes to the k experts with the highest scores, and their results are weighed by the softmax
/// of those k scores. That is the same as the softmax over all, cut to the top k and divided by their sum:
/// what is left out cancels. Jiang et al. 2024 (Mixtral), arXiv:2401.04088, section 2.1, with k = 2 of 8.
public final class MixtralRouter extends TokenChoice {

    /// @param dim     C
    /// @param experts E
    /// @param topK    k
    /// @param rng     random numbers for the initial weights
    /// @throws gradus.error.ConfigException if k is outside 1 … E
    public MixtralRouter(int dim, int experts, int topK, Rng rng) {
        this(dim, experts, topK, Capacity.UNBOUNDED, rng);
    }

    /// The same with bounded experts.
    public MixtralRouter(int dim, int experts, int topK, Capacity capacity, Rng rng) {
        super(dim, experts, topK, capacity, rng);
    }

    @Override
    double[] preference(Tensor logits) {
        return logits.toArray();
    }

    @Override
    Tensor weights(Tensor logits, int[] chosen) {
        return pick(logits, chosen).reshape(-1, topK()).softmax(); // (N, k)
    }
}
