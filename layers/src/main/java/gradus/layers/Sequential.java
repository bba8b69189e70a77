package gradus.layers;

import static gradus.error.ConfigException.require;

import gradus.tensor.Tensor;

/// Applies steps one after the other: `y = fₙ(…f₂(f₁(x)))`. A step that is a layer becomes a part, named by its
/// number among all steps, `0`, `1`, …, as in PyTorch.
public final class Sequential extends Layer implements Transform {
    private final Transform[] steps;

    /// @throws gradus.error.ConfigException if a step is null
    public Sequential(Transform... steps) {
        require(steps != null, "Sequential: steps must be given; got null");
        this.steps = steps.clone();
        for (int i = 0; i < steps.length; i++) {
            require(steps[i] != null, "Sequential: step %d must be given; got null", i);
            if (steps[i] instanceof Layer layer) {
                child(Integer.toString(i), layer);
            }
        }
    }

    /// **Shapes** x as the first step expects it → as the last step returns it
    @Override
    public Tensor forward(Tensor x) {
        for (Transform step : steps) {
            x = step.forward(x);
        }
        return hooked(x);
    }
}
