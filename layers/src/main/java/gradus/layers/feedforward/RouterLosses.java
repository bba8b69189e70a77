package gradus.layers.feedforward;

import static gradus.error.ConfigException.require;

import gradus.tensor.Tensor;
import java.util.List;

/// What is added to the loss so that a router stays balanced and its scores stay small.
public final class RouterLosses {
    private RouterLosses() {}

    /// `E·Σ f_e·P_e`, with f the wishes for expert e over the number of tokens, and P its mean probability
    /// in the softmax of all scores. f has no gradient; P is drawn towards experts that are wished for
    /// less. With k = 1 the loss of Fedus, Zoph & Shazeer 2021, arXiv:2101.03961, equation 4; 1 in perfect
    /// balance. Where each token wishes for k experts, k: Hugging Face counts all wishes of Mixtral so.
    ///
    /// It is no distance: where f is large just where P is small, it falls below its value in balance.
    ///
    /// **Shapes** → ()
    public static Tensor balance(Routing routing) {
        return balance(List.of(routing));
    }

    /// The same over the tokens of several layers taken together, the form of Hugging Face's Mixtral:
    /// imbalances of two layers may cancel.
    ///
    /// **Shapes** → ()
    ///
    /// @throws gradus.error.ConfigException if there is none, or the numbers of experts differ
    public static Tensor balance(List<Routing> routings) {
        require(!routings.isEmpty(), "balance: at least one routing must be given");
        int experts = routings.getFirst().demand().length;
        Tensor probabilities = null; // (E)
        double[] demand = new double[experts];
        int tokens = 0;
        for (Routing routing : routings) {
            require(
                    routing.demand().length == experts,
                    "balance: all must have %d experts; got %d",
                    experts,
                    routing.demand().length);
            Tensor sum = routing.logits().softmax().sum(0); // (E)
            probabilities = probabilities == null ? sum : probabilities.add(sum);
            tokens += routing.logits().dim(0);
            for (int e = 0; e < experts; e++) {
                demand[e] += routing.demand()[e];
            }
        }
        Tensor wishes = Tensor.of(demand, experts).to(probabilities.dtype()); // (E)
        return probabilities.mul(wishes).sum().mul(experts / ((double) tokens * tokens)); // ()
    }

    /// The mean of `(ln Σ exp x)²` over the rows of scores x: keeps them small, where the softmax rounds
    /// least. Zoph et al. 2022 (ST-MoE), arXiv:2202.08906, equation 5.
    ///
    /// **Shapes** logits (..., E) → ()
    public static Tensor z(Tensor logits) {
        Tensor logSumExp = logits.sub(logits.logSoftmax()).mean(-1); // (...), the same in every column
        return logSumExp.square().mean(); // ()
    }
}
