package gradus.layers.position;

import gradus.tensor.Tensor;
import gradus.tensor.type.Indices;

/// Uses no positions at all. A causal mask alone tells a decoder something, namely how many keys a query sees
/// (Kazemnejad et al. 2023, "The impact of positional encoding on length generalization", arXiv:2305.19466).
public final class NoPosition extends EmbeddingPosition {
    @Override
    public Tensor embed(Tensor x, Indices positions) {
        return x;
    }

    @Override
    public Tensor embed(Tensor x, int first) {
        return x;
    }
}
