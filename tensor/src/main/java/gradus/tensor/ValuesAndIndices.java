package gradus.tensor;

/// Elements and where they stood along an axis: what `max`, `min`, `sort` and `topk` along an axis give, as
/// in PyTorch.
///
/// @param values  the elements, through which gradients flow back to where they stood
/// @param indices the place of each along the axis
public record ValuesAndIndices(Tensor values, Indices indices) {}
