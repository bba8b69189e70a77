package gradus.layers.feedforward;

import static gradus.error.ConfigException.require;

import gradus.tensor.Autograd;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;

/// Balance without a loss for it. With scores `s = σ(x·Wᵀ)` a token goes to the k experts whose `s + b` is
/// largest; their results are weighed by `s / Σ s` over those k, without b, times a factor. The bias b is
/// not learnt: after each training pass it rises by u for experts with fewer tokens than the mean and falls
/// by u for those with more. Wang et al. 2024, arXiv:2408.15664; DeepSeek-AI 2024 (DeepSeek-V3),
/// arXiv:2412.19437, section 2.1.2, with u = 0.001 and a factor of 2.5.
///
/// The bias moves once for each pass that counts, [Autograd#counts]; with gradient accumulation that is
/// several times a step. It starts at 0 and is part of the state, not of the parameters.
public final class BalancedRouter extends TokenChoice {
    private final double updateRate;
    private final double scale;
    private final Tensor bias; // (E)

    /// @param dim     C
    /// @param experts E
    /// @param topK    k
    /// @param balance how fast the bias moves, and the factor
    /// @param rng     random numbers for the initial weights
    /// @throws gradus.error.ConfigException if k is outside 1 … E
    public BalancedRouter(int dim, int experts, int topK, Balance balance, Rng rng) {
        super(dim, experts, topK, Capacity.UNBOUNDED, rng);
        this.updateRate = balance.updateRate();
        this.scale = balance.scale();
        this.bias = buffer("e_score_correction_bias", Tensor.lazy(() -> Tensor.zeros(experts), experts));
    }

    /// @param updateRate u, at least 0
    /// @param scale      what all weights are multiplied by, above 0
    public record Balance(double updateRate, double scale) {
        public Balance {
            require(
                    updateRate >= 0 && Double.isFinite(updateRate),
                    "Balance: updateRate must be at least 0; got %s",
                    updateRate);
            require(scale > 0 && Double.isFinite(scale), "Balance: scale must be above 0; got %s", scale);
        }
    }

    @Override
    double[] preference(Tensor logits) {
        try (var pause = Autograd.noGrad()) {
            return logits.sigmoid().add(bias).toArray();
        }
    }

    @Override
    Tensor weights(Tensor logits, int[] chosen) {
        Tensor scores = pick(logits, chosen).reshape(-1, topK()).sigmoid(); // (N, k)
        return scores.div(scores.sum(1, true)).mul(scale); // (N, k)
    }

    @Override
    public Routing route(Tensor x) {
        Routing routing = super.route(x);
        if (training() && Autograd.counts()) {
            double mean = routing.weights().size() / (double) experts();
            double[] moved = bias.toArray();
            for (int e = 0; e < moved.length; e++) {
                moved[e] += updateRate * Math.signum(mean - routing.demand()[e]);
            }
            bias.set(moved);
        }
        return routing;
    }
}
