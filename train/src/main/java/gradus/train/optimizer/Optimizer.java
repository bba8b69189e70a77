package gradus.train.optimizer;

import static gradus.error.ConfigException.require;

import gradus.tensor.Tensor;
import java.util.SequencedMap;

/// Changes parameters by their gradients.
public interface Optimizer {
    /// One step at a learning rate. Parameters without a gradient stay as they are.
    ///
    /// @throws gradus.error.ConfigException if the rate is negative or no number; nothing has changed then
    void step(double learningRate);

    /// Forgets every gradient.
    void zeroGrad();

    /// What it remembers from step to step, by name. Whoever copies other elements into these tensors makes it
    /// go on from where those were taken.
    SequencedMap<String, Tensor> state();

    /// Refuses a rate that would spoil the weights.
    static void requireRate(double learningRate) {
        require(
                learningRate >= 0 && Double.isFinite(learningRate),
                "optimizer: the learning rate must be a number of at least 0; got %s",
                learningRate);
    }
}
