package gradus.layers;

import gradus.tensor.Tensor;

/// What takes one tensor and gives one: most layers, every activation, any function of that form.
@FunctionalInterface
public interface Transform {
    Tensor forward(Tensor x);
}
