package gradus.layers.feedforward;

import static gradus.error.ConfigException.require;

import gradus.layers.Layer;
import gradus.layers.WeightKind;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;

/// Decides which experts of a [MixtureOfExperts] see which tokens: by scores `x·Wᵀ`, one for each expert,
/// from which the variants choose. Shazeer et al. 2017, arXiv:1701.06538. W starts uniform in ±1/√C, as in
/// a [gradus.layers.Linear].
///
/// The choice itself has no gradient; what trains W is the weight that the chosen expert's result gets.
public abstract class Router extends Layer {
    /// So many are refused before a network is made for each: nobody has trained as many.
    private static final int MOST = 10_000;

    private final Tensor weight; // (E, C)

    /// @param dim     C
    /// @param experts E
    /// @throws gradus.error.ConfigException if a size is below 1
    protected Router(int dim, int experts, Rng rng) {
        require(dim >= 1, "Router: dim must be at least 1; got %d", dim);
        require(experts >= 1 && experts <= MOST, "Router: experts must be from 1 to %d; got %d", MOST, experts);
        double bound = 1 / Math.sqrt(dim);
        this.weight = param(
                "weight",
                WeightKind.MATRIX,
                Tensor.lazy(
                        () -> Tensor.rand(rng.at("weight"), experts, dim)
                                .mul(2 * bound)
                                .sub(bound),
                        experts,
                        dim));
    }

    /// **Shapes** x (N, C)
    public abstract Routing route(Tensor x);

    /// E, how many experts there are to choose from.
    public final int experts() {
        return weight.dim(0);
    }

    /// **Shapes** x (N, C) → (N, E)
    protected final Tensor logits(Tensor x) {
        return x.linear(weight, null); // (N, E)
    }

    /// Some elements of a tensor, by their row-major positions.
    ///
    /// **Shapes** x (...) → (A)
    protected static Tensor pick(Tensor x, int[] positions) {
        return x.reshape(-1).indexSelect(0, Indices.of(positions)); // (A)
    }
}
