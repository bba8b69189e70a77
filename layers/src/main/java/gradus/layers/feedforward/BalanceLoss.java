package gradus.layers.feedforward;

import static gradus.error.ConfigException.require;

import gradus.tensor.Tensor;
import java.util.List;

/// What is added to the loss so that a router stays balanced. [gradus.layers.loss.ZLoss] keeps its scores
/// small.
public final class BalanceLoss {
    private BalanceLoss() {}

    /// `E·Σ f_e·P_e`, with f the wishes for expert e over the number of tokens, and P its mean probability
    /// in the softmax of all scores. f has no gradient; P is drawn towards experts that are wished for
    /// less. With k = 1 the loss of Fedus, Zoph & Shazeer 2021, arXiv:2101.03961, equation 4; 1 in perfect
    /// balance. Where each token wishes for k experts, k: Hugging Face counts all wishes of Mixtral so.
    ///
    /// It is no distance: where f is large just where P is small, it falls below its value in balance.
    ///
    /// **Shapes** → ()
    public static Tensor of(Routing routing) {
        return of(List.of(routing));
    }

    /// The same over the tokens of several layers taken together, the form of Hugging Face's Mixtral:
    /// imbalances of two layers may cancel.
    ///
    /// **Shapes** → ()
    ///
    /// @throws gradus.error.ConfigException if there is none, or the numbers of experts differ
    public static Tensor of(List<Routing> routings) {
        require(!routings.isEmpty(), "balanceLoss: at least one routing must be given");
        int experts = routings.getFirst().demand().length;
        Tensor probabilities = null; // (E)
        double[] demand = new double[experts];
        int tokens = 0;
        for (Routing routing : routings) {
            require(
                    routing.demand().length == experts,
                    "balanceLoss: all must have %d experts; got %d",
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
}
