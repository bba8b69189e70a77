package gradus.layers;

import gradus.tensor.Tensor;

/// A function from one tensor to one tensor: most layers, every activation, and any lambda of that form.
@FunctionalInterface
public interface Transform {
    Tensor forward(Tensor x);
}
