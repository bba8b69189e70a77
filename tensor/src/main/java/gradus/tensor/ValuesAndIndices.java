package gradus.tensor;

import gradus.tensor.type.Indices;

/// Elements and their indices along an axis: the result of `max`, `min`, `sort` and `topk`, as in PyTorch.
///
/// @param values  the elements; gradients flow back to where they came from
/// @param indices the index of each along the axis
public record ValuesAndIndices(Tensor values, Indices indices) {}
