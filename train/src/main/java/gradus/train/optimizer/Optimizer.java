package gradus.train.optimizer;

import static gradus.error.ConfigException.require;

import gradus.tensor.Tensor;
import java.util.SequencedMap;

/// Changes a model's parameters by their gradients, so that the loss becomes smaller.
public interface Optimizer {
    /// Takes one step. Parameters without a gradient stay as they are.
    ///
    /// @param learningRate how far to go
    ///
    /// @throws gradus.error.ConfigException if the learning rate is negative or not a number; then nothing has
    ///     changed
    void step(double learningRate);

    /// Removes every gradient. Call it before the backward pass of a new step: gradients add up.
    void zeroGrad();

    /// The tensors that the optimiser keeps from step to step, by name, such as Adam's running means.
    /// Checkpoints save them; copying saved values back into them makes the optimiser go on from there.
    SequencedMap<String, Tensor> state();

    /// Throws if a learning rate would spoil the weights.
    static void requireRate(double learningRate) {
        require(
                learningRate >= 0 && Double.isFinite(learningRate),
                "optimizer: the learning rate must be a number of at least 0; got %s",
                learningRate);
    }
}
