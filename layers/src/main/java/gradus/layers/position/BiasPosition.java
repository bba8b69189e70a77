package gradus.layers.position;

import gradus.tensor.Tensor;
import gradus.tensor.type.DType;

/// Positions that add a number to each logit, by the distance between query and key and by the head:
/// `logit(i, j) += bias[h, j - i + T - 1]`.
public abstract non-sealed class BiasPosition extends Position {

    /// The numbers that are added at each of the T+S-1 distances, in order; the first is for the last query
    /// and the first key.
    ///
    /// @param queries T, the last of which stands at the last of the keys
    /// @param keys    S
    /// @param dtype   the type of the logits
    /// @return (H, T+S-1)
    public abstract Tensor bias(int queries, int keys, DType dtype);
}
