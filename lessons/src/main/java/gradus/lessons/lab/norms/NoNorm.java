package gradus.lessons.lab.norms;

import gradus.layers.norm.Norm;
import gradus.tensor.Tensor;

/// No norm at all, `y = x`, where a model has a place for one.
final class NoNorm extends Norm {
    @Override
    public Tensor forward(Tensor x) {
        return hooked(x);
    }
}
