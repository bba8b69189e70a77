package gradus.layers.loss;

import static gradus.error.ShapeException.require;

import gradus.tensor.Tensor;

/// The mean of `(p - t)²` over all elements: the loss of a prediction p of numbers t. Up to constants, this
/// is the negative log-likelihood of t under a normal distribution with mean p.
public final class MeanSquaredError {
    private MeanSquaredError() {}

    /// **Shapes** prediction (...), target the same → ()
    ///
    /// @throws gradus.error.ShapeException if the shapes differ: a broadcast here is nearly always a
    ///     mistake
    public static Tensor of(Tensor prediction, Tensor target) {
        require(
                prediction.shape().equals(target.shape()),
                "meanSquaredError: shapes must be equal; got %s and %s",
                prediction.shape(),
                target.shape());
        return prediction.sub(target).square().mean(); // ()
    }
}
