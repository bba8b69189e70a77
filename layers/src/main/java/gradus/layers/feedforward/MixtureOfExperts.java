package gradus.layers.feedforward;

import static gradus.error.ConfigException.require;

import gradus.layers.Layer;
import gradus.layers.Transform;
import gradus.layers.loss.ZLoss;
import gradus.tensor.Tensor;
import gradus.tensor.op.ScatterAdd;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import java.util.ArrayList;
import java.util.List;

/// Many feed-forward networks, of which each token goes through a few: `y = Σ g_e·FFN_e(x) (+ Σ FFN_s(x))`, e
/// over the experts that the [Router] chose and s over shared experts that see every token.
/// Shazeer et al. 2017, arXiv:1701.06538; shared experts: Dai et al. 2024 (DeepSeekMoE), arXiv:2401.06066.
///
/// Costs what the chosen experts cost, not what all would: the tokens are sorted by expert, each expert
/// runs once on its own rows, and their weighted results are added up where they came from. A dropped token
/// gets 0, so that only the residual stream carries it on.
///
/// Parameters go by Mixtral's names: `gate.weight`, `experts.0.w1.weight`, …
public final class MixtureOfExperts extends FeedForward {
    private final Router router;
    private final List<Transform> experts;
    private final List<Transform> shared = new ArrayList<>();
    private double balanceWeight;
    private double zWeight;
    private Routing routing;
    private Utilisation utilisation;

    /// @param router  who chooses
    /// @param experts E of them, each (n, C) → (n, C)
    /// @throws gradus.error.ConfigException if their number is not the router's
    public MixtureOfExperts(Router router, List<? extends Transform> experts) {
        require(
                experts.size() == router.experts(),
                "MixtureOfExperts: the router chooses from %d experts; got %d",
                router.experts(),
                experts.size());
        this.router = child("gate", router);
        this.experts = List.copyOf(experts);
        for (int e = 0; e < experts.size(); e++) {
            if (experts.get(e) instanceof Layer layer) {
                child("experts." + e, layer);
            }
        }
    }

    /// A mixture of [Expert]s.
    ///
    /// @param dim    C
    /// @param hidden F of each expert
    public static MixtureOfExperts of(Router router, int dim, int hidden, Rng rng) {
        List<Expert> experts = new ArrayList<>();
        for (int e = 0; e < router.experts(); e++) {
            experts.add(new Expert(dim, hidden, rng.at("experts." + e)));
        }
        return new MixtureOfExperts(router, experts);
    }

    /// Adds an expert that sees every token with weight 1.
    public MixtureOfExperts share(Transform expert) {
        if (expert instanceof Layer layer) {
            child("shared_experts." + shared.size(), layer);
        }
        shared.add(expert);
        return this;
    }

    /// Sets how much [BalanceLoss] and [ZLoss] of the router weigh in training. At first both are 0. Usual are
    /// 0.01 for the balance (Switch; 0.001 in Mixtral) and 0.001 for z.
    ///
    /// @throws gradus.error.ConfigException if a weight is negative or not finite
    public MixtureOfExperts losses(double balance, double z) {
        require(
                balance >= 0 && Double.isFinite(balance),
                "MixtureOfExperts: balance must be at least 0; got %s",
                balance);
        require(z >= 0 && Double.isFinite(z), "MixtureOfExperts: z must be at least 0; got %s", z);
        this.balanceWeight = balance;
        this.zWeight = z;
        return this;
    }

    /// **Shapes** x (..., C) → (..., C)
    @Override
    public Tensor forward(Tensor x) {
        Tensor rows = x.reshape(-1, x.dim(-1)); // (N, C)
        Routing chosen = router.route(rows);
        routing = training() ? chosen : null;
        utilisation = chosen.utilisation();
        Tensor y = dispatch(rows, chosen); // (N, C)
        for (Transform expert : shared) {
            y = y.add(expert.forward(rows));
        }
        return hooked(y.reshape(x.shape().dims())); // (..., C)
    }

    private Tensor dispatch(Tensor rows, Routing chosen) {
        List<Tensor> results = new ArrayList<>();
        for (int e = 0; e < experts.size(); e++) {
            int[] mine = chosen.tokens()[e];
            if (mine.length > 0) {
                results.add(experts.get(e).forward(rows.indexSelect(0, Indices.of(mine)))); // (n_e, C)
            }
        }
        Tensor all = Tensor.concat(0, results.toArray(Tensor[]::new)); // (A, C)
        Tensor weighted = all.mul(chosen.weights().reshape(-1, 1)); // (A, C)
        return ScatterAdd.apply(weighted, chosen.assignments(), rows.dim(0)); // (N, C)
    }

    /// The weighted losses of the last forward pass in training; null without weights.
    @Override
    protected Tensor ownLoss() {
        if (routing == null) {
            return null;
        }
        Tensor loss = null;
        if (balanceWeight > 0) {
            loss = BalanceLoss.of(routing).mul(balanceWeight);
        }
        if (zWeight > 0) {
            Tensor z = ZLoss.of(routing.logits()).mul(zWeight);
            loss = loss == null ? z : loss.add(z);
        }
        return loss;
    }

    /// What the router decided in the last forward pass in training, or null. Its tensors end with their
    /// scope.
    public Routing routing() {
        return routing;
    }

    /// How the work fell out in the last forward pass, or null before the first.
    public Utilisation utilisation() {
        return utilisation;
    }
}
