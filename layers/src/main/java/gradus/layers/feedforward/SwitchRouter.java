package gradus.layers.feedforward;

import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;

/// Each token goes to the one expert with the highest score, and the result is weighed by that expert's
/// probability in the softmax over all E. It must not be divided by itself: a weight of always 1 would not
/// train the router. Fedus, Zoph & Shazeer 2021 (Switch Transformer), arXiv:2101.03961, with a capacity
/// factor of 1.25.
public final class SwitchRouter extends TokenChoice {

    /// @param dim      C
    /// @param experts  E
    /// @param capacity how many tokens an expert takes
    /// @param rng      random numbers for the initial weights
    /// @throws gradus.error.ConfigException if a size is below 1
    public SwitchRouter(int dim, int experts, Capacity capacity, Rng rng) {
        super(dim, experts, 1, capacity, rng);
    }

    @Override
    double[] preference(Tensor logits) {
        return logits.toArray();
    }

    @Override
    Tensor weights(Tensor logits, int[] chosen) {
        return pick(logits.softmax(), chosen).reshape(-1, 1); // (N, 1)
    }
}
